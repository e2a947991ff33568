import { describe, expect, it } from 'vitest'
import type { Extra, Message, Part, Request, Tool } from '../../src/canonical/index.js'
import { CHEAP_ABILITY, classifierHash, classify, loadWeights, shippedClassifier, shippedWeights } from '../../src/classify/index.js'
import { ask, readFixture } from './read-fixture.js'

const withPart = (part: Part): Request => ({ ...ask(''), messages: [{ role: 'user', parts: [{ type: 'text', text: 'look' }, part] }] })
const functions = (count: number, extra?: Extra): Tool[] =>
  Array.from({ length: count }, (_, i) => ({ type: 'function', name: `f${i}`, ...(extra && { extra }) }))
const IMAGE: Part = { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } }

describe('needs', () => {
  it.each([
    ['nothing', ask('hi'), []],
    ['an image', withPart(IMAGE), ['vision']],
    ['an image in a tool result', withPart({ type: 'tool-result', callId: '1', parts: [IMAGE] }), ['vision']],
    ['a file', withPart({ type: 'file', source: { kind: 'url', url: 'https://example.com/a.pdf' } }), ['file-input']],
    ['a file that its vendor keeps', withPart({ type: 'file', source: { kind: 'file-id', id: 'f' } }), ['file-input', 'hosted-openai']],
    ['sound', withPart({ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: '' } }), ['audio-input']],
    ['tools', { ...ask('hi'), tools: [{ type: 'function', name: 'f' }] }, ['tools']],
    ['more tools than many take', { ...ask('hi'), tools: functions(129) }, ['tools', 'many-tools']],
    [
      'as many in namespaces',
      { ...ask('hi'), tools: [...functions(128), ...functions(9, { '~named': { namespace: 'n' } })] },
      ['tools', 'grouped-tools'],
    ],
    [
      'hosted tools',
      { ...ask('hi'), tools: [{ type: 'hosted', name: 'web_search', format: 'openai-responses', value: {} }] },
      ['hosted-tools', 'hosted-openai'],
    ],
    [
      'a search of the web, which others have too, beside a function',
      {
        ...ask('hi'),
        tools: [
          { type: 'hosted', name: 'web_search', format: 'openai-responses', value: {}, search: {} },
          { type: 'function', name: 'f' },
        ],
      },
      ['hosted-tools', 'web-search', 'tools', 'mixed-tools'],
    ],
    ['JSON', { ...ask('hi'), output: { type: 'json' } }, ['json']],
    [
      'a schema',
      { ...ask('hi'), output: { type: 'json-schema', schema: { type: 'object', properties: { a: {}, b: {} } } } },
      ['json-schema'],
    ],
    ['choices', { ...ask('hi'), sampling: { n: 2, logprobs: true } }, ['n', 'logprobs']],
  ] as const)('of a request with %s', (_name, request, needs) => {
    expect(classify(request as Request).needs).toEqual(needs)
  })
  it('include signed reasoning only inside an open loop', () => {
    const loop = readFixture('claude-2.1.197.tool-result')
    expect(classify(loop).needs).toContain('reasoning-replay')
    const next: Message = { role: 'user', parts: [{ type: 'text', text: 'and now?' }] }
    expect(classify({ ...loop, messages: [...loop.messages, next] }).needs).not.toContain('reasoning-replay')
  })
})

describe('side calls', () => {
  const system = (text: string, user: string): Request => ({
    ...ask(user),
    messages: [
      { role: 'system', parts: [{ type: 'text', text }] },
      { role: 'user', parts: [{ type: 'text', text: user }] },
    ],
  })
  it.each([
    ['title', system('You are a title generator. You output ONLY a thread title.', 'fix the login')],
    ['title', ask('Generate a title for this conversation:\n\nfix the login')],
    [
      'commit-message',
      system('You are an expert that generates concise, one-line Git commit messages based on the provided diffs.', 'diff --git a/x b/x'),
    ],
    ['compaction', ask('Your task is to create a detailed summary of the conversation so far, paying close attention to the requests.')],
    ['quota-probe', { ...ask('quota'), maxOutputTokens: 1 }],
    ['summary', ask('Summarize this coding conversation in under 50 characters.\nCapture the main task.')],
  ])('%s', (kind, request) => {
    expect(classify(request).sideKind).toBe(kind)
  })
  it.each([
    ask('write a title for my blog post about bread'),
    ask('write a commit message for these changes: renamed a file'),
    ask('summarize this article in three sentences'),
    { ...ask('quota'), maxOutputTokens: 1000 },
    { ...ask('Generate a title for this conversation'), tools: [{ type: 'function' as const, name: 'bash' }] },
  ])('a person who asks the like is no side call: %#', (request) => {
    expect(classify(request).sideKind).toBeNull()
  })
})

it.each([
  ['What is the difference between a list and a tuple?', 'en'],
  ['¿Cuál es la diferencia entre una lista y una tupla?', 'es'],
  ['Was ist der Unterschied zwischen einer Liste und einem Tupel?', 'de'],
  ['Quelle est la différence entre une liste et un tuple dans ce langage ?', 'fr'],
  ['Qual é a diferença entre uma lista e uma tupla?', 'pt'],
  ['В чём разница между списком и кортежем?', 'ru'],
  ['列表和元组有什么区别？', 'zh'],
  ['リストとタプルの違いは何ですか？', 'ja'],
  ['리스트와 튜플의 차이는 무엇인가요?', 'ko'],
  ['12345', 'und'],
])('%s is %s', (text, language) => {
  expect(classify(ask(text)).language).toBe(language)
})

describe('prompt patterns', () => {
  it('are tried on what the person typed', () => {
    expect(classify(ask('Deploy to production'), { regex: ['deploy', '/deploy/i', '^Deploy', '('] }).regex).toEqual({
      deploy: false,
      '/deploy/i': true,
      '^Deploy': true,
      '(': false,
    })
  })
})

describe('the envelope', () => {
  it('has the same digest on every turn of a client, and another for another client', () => {
    const first = classify(readFixture('pi-0.73.1.chat-tool-result')).envelope
    expect(
      classify({ ...readFixture('pi-0.73.1.chat-tool-result'), messages: readFixture('pi-0.73.1.chat-tool-result').messages.slice(0, 2) })
        .envelope,
    ).toEqual(first)
    expect(classify(readFixture('qwen-code-0.15.10.tool-result')).envelope.digest).not.toBe(first.digest)
  })
})

describe('difficulty', () => {
  it('puts p and logit on the scale of abilities', () => {
    const { p, logit } = classify(ask('prove that the harmonic series diverges')).difficulty
    expect(1 / (1 + Math.exp(CHEAP_ABILITY - logit))).toBeCloseTo(p, 4)
  })
  it('says when it does not know the kind of request', () => {
    expect(classify(ask('Докажите, что гармонический ряд расходится')).confidence).toBeLessThan(0.4)
    expect(
      classify(ask('A train travels 60 miles in 1.5 hours. How many miles does it travel in 4 hours at the same speed?')).confidence,
    ).toBeGreaterThan(0.8)
  })
})

describe('weights', () => {
  it('ship within 64 KB and name the classifier', () => {
    expect(shippedWeights().length).toBeLessThanOrEqual(64 * 1024)
    expect(shippedClassifier().hash).toBe(classifierHash)
    expect(loadWeights(shippedWeights()).hash).toBe(classifierHash)
  })
  it('of another kind are refused', () => {
    expect(() => loadWeights(new TextEncoder().encode('not weights at all'))).toThrow('weights')
    expect(() => loadWeights(new Uint8Array(0))).toThrow('weights')
  })
})
