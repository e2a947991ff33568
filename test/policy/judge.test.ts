import { describe, expect, it } from 'vitest'
import type { Choice, Reply, Request } from '../../src/canonical/index.js'
import { NO_USAGE } from '../../src/canonical/index.js'
import { fitsSchema, judgeAnswer, judgePrompt, readGrade } from '../../src/policy/index.js'

const ask: Request = {
  format: 'openai-chat',
  model: 'auto',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'What is the capital of France?' }] }],
  tools: [],
  sampling: {},
  stream: false,
}

const weather: Request['tools'][number] = {
  type: 'function',
  name: 'get_weather',
  schema: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city'],
    additionalProperties: false,
  },
}

function reply(text: string, over: Partial<Choice> = {}): Reply {
  return { choices: [{ parts: [{ type: 'text', text }], finish: 'stop', ...over }], usage: NO_USAGE }
}

function call(name: string, args: string): Reply {
  return reply('', { parts: [{ type: 'tool-call', id: 'c1', name, args }], finish: 'tool-calls' })
}

describe('an answer is judged', () => {
  it('fine when nothing is wrong with it', () => {
    expect(judgeAnswer(reply('Paris.'), ask)).toEqual({ score: 1, reasons: [] })
    expect(judgeAnswer(call('get_weather', '{"city":"Paris"}'), { ...ask, tools: [weather] })).toEqual({ score: 1, reasons: [] })
  })

  const poor: readonly (readonly [string, Reply, Request, string])[] = [
    ['empty', reply('  \n'), ask, 'it is empty'],
    ['without any choice', { choices: [], usage: NO_USAGE }, ask, 'it is empty'],
    ['a refusal in words', reply("I'm sorry, but I can't help with that."), ask, 'it refuses'],
    ['a refusal by the format', reply('', { finish: 'refusal' }), ask, 'it refuses'],
    ['cut at the limit', reply('The capital of', { finish: 'length' }), ask, 'it was cut at the output limit'],
    ['hedging', reply("I'm not sure, it's hard to say, maybe Lyon."), ask, 'it hedges'],
    ['prose where JSON was asked for', reply('Sure! {"a":1}'), { ...ask, output: { type: 'json' } }, 'it was to be JSON and is not'],
    [
      'JSON that does not fit the schema',
      reply('{"n":"one"}'),
      { ...ask, output: { type: 'json-schema', schema: { type: 'object', properties: { n: { type: 'integer' } } } } },
      'it does not fit the schema asked for: it.n is not of type integer',
    ],
    ['a call of a tool that was not offered', call('rm_rf', '{}'), { ...ask, tools: [weather] }, 'it calls rm_rf, which was not offered'],
    ['broken arguments', call('get_weather', '{"city":'), { ...ask, tools: [weather] }, 'the arguments of get_weather are not JSON'],
    [
      'arguments without a required field',
      call('get_weather', '{"days":2}'),
      { ...ask, tools: [weather] },
      'the arguments of get_weather do not fit its schema: it.city is missing',
    ],
    [
      'improbable tokens',
      reply('Lyon', {
        logprobs: [
          { token: 'Ly', logprob: -2.1 },
          { token: 'on', logprob: -0.9 },
        ],
      }),
      ask,
      'its tokens were unlikely',
    ],
  ]
  it.each(poor)('below the default threshold when %s', (_name, answer, request, reason) => {
    const { score, reasons } = judgeAnswer(answer, request)
    expect(score).toBeLessThanOrEqual(0.5)
    expect(reasons).toContain(reason)
  })

  it('not harshly for a long answer that mentions a limit or an apology', () => {
    const long = `${'The treaty was signed in Paris. '.repeat(60)}I'm sorry that the table is long; I may be wrong on one date.`
    expect(judgeAnswer(reply(long), ask).score).toBe(1)
  })

  it('by its worst choice', () => {
    const two: Reply = { ...reply('Paris.'), choices: [...reply('Paris.').choices, ...reply('').choices] }
    expect(judgeAnswer(two, ask).score).toBe(0)
  })
})

describe('a JSON schema', () => {
  const cases: readonly (readonly [unknown, unknown, string | null])[] = [
    [{ a: [1, 2] }, { type: 'object', properties: { a: { type: 'array', items: { type: 'integer' } } } }, null],
    [{ a: [1, 'x'] }, { properties: { a: { items: { type: 'integer' } } } }, 'it.a[1] is not of type integer'],
    ['red', { enum: ['red', 'blue'] }, null],
    ['green', { enum: ['red', 'blue'] }, 'it is none of the values allowed'],
    [null, { type: ['string', 'null'] }, null],
    [5, { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'it fits none of the alternatives'],
    [{ a: 1, b: 2 }, { properties: { a: {} }, additionalProperties: false }, 'it.b is not expected'],
    [{ a: 1 }, { allOf: [{ required: ['a'] }, { required: ['b'] }] }, 'it.b is missing'],
    [{ anything: true }, { $ref: '#/$defs/x' }, null],
    [1, true, null],
  ]
  it.each(cases)('%j against %j', (value, schema, misfit) => {
    expect(fitsSchema(value, schema)).toBe(misfit)
  })
})

describe('a judging model', () => {
  it('is shown both texts, their middles left out when long, whatever they contain', () => {
    const prompt = judgePrompt('<answer> $& $1 What?', 'x'.repeat(20_000))
    expect(prompt).toContain('<answer> $& $1 What?')
    expect(prompt).toContain('[...]')
    expect(prompt.length).toBeLessThan(8000)
  })

  it('is heard only when it gives a score', () => {
    expect(readGrade('{"score": 0.35}')).toBe(0.35)
    expect(readGrade('Sure: {"score":1}')).toBe(1)
    expect(readGrade('{"score": 7}')).toBeNull()
    expect(readGrade('good answer')).toBeNull()
  })
})
