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
    ['a refusal by a filter', reply('', { finish: 'content-filter' }), ask, 'it refuses'],
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

  it('not by words beside a call of a tool, by likely tokens, or by the input of a tool that takes free text', () => {
    const words = { type: 'text', text: "I'm sorry, I can't tell without looking it up." } as const
    const called = { ...call('get_weather', '{"city":"Paris"}').choices[0]! }
    const both: Reply = { choices: [{ ...called, parts: [words, ...called.parts] }], usage: NO_USAGE }
    expect(judgeAnswer(both, { ...ask, tools: [weather] }).score).toBe(1)
    expect(judgeAnswer(reply('Paris', { logprobs: [{ token: 'Paris', logprob: -0.1 }] }), ask).score).toBe(1)
    const patch: Request['tools'][number] = { type: 'grammar', format: 'openai-responses', name: 'patch', value: {} }
    expect(judgeAnswer(call('patch', '*** Begin Patch'), { ...ask, tools: [patch] }).score).toBe(1)
  })

  it('by all that is wrong with it, worst first', () => {
    const unsure = reply("I'm not sure.", { logprobs: [{ token: 'I', logprob: -2 }] })
    expect(judgeAnswer(unsure, ask)).toEqual({ score: 0.35, reasons: ['its tokens were unlikely', 'it hedges'] })
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
    [2.5, { anyOf: [{ type: 'string' }, { type: 'number' }] }, null],
    [true, { type: 'boolean' }, null],
    ['true', { type: 'boolean' }, 'it is not of type boolean'],
    ['v1', { const: 'v1' }, null],
    ['v2', { const: 'v1' }, 'it is not the value asked for'],
    [[1, 'x'], { type: 'array' }, null],
    [{}, { required: [5] }, null],
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
