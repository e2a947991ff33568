import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestMessages } from '../../src/route/digest-messages.js'
import { codecFor } from '../../src/wire/index.js'

const headers = {}
const anthropic = (body: Readonly<Record<string, unknown>>) =>
  codecFor('anthropic-messages').readRequest({ model: 'm', max_tokens: 10, ...body }, { headers })
const chat = (messages: readonly unknown[], tools: readonly unknown[] = []) =>
  codecFor('openai-chat').readRequest({ model: 'm', messages, ...(tools.length > 0 ? { tools } : {}) }, { headers })
const digests = (request: ReturnType<typeof chat>) => digestMessages(request, 0, null).prefixes.map((p) => p.digest)

describe('the digest chain of a conversation', () => {
  it('has the envelope first, then one entry a message, growing', () => {
    const { prefixes, messages } = digestMessages(
      chat([
        { role: 'system', content: 'S' },
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ]),
      7,
      null,
    )
    expect(prefixes).toHaveLength(3)
    expect(messages).toHaveLength(3)
    expect(prefixes[0]?.refTokens).toBe(7)
    expect(prefixes[1]?.refTokens).toBeLessThan(prefixes[2]?.refTokens ?? 0)
    expect(JSON.parse(messages[0]?.json ?? '')).toMatchObject({ messages: [{ role: 'system' }], tools: [] })
  })

  it('shares its beginning with the turn before it, and with nothing else', () => {
    const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string({ minLength: 1 }) })
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), message, (history, next) => {
        const before = digests(chat(history))
        const after = digests(chat([...history, next]))
        expect(after.slice(0, before.length)).toEqual(before)
        const other = digests(chat([{ role: 'user', content: `${history[0]?.content}!` }, ...history.slice(1)]))
        expect(other.at(-1)).not.toBe(before.at(-1))
      }),
    )
  })

  it('does not change when cache marks move or the billing header does', () => {
    const turn = (mark: number, version: string) =>
      anthropic({
        system: [
          { type: 'text', text: `x-anthropic-billing-header: cc_version=${version};` },
          { type: 'text', text: 'You are careful.', ...(mark === 0 ? { cache_control: { type: 'ephemeral' } } : {}) },
        ],
        messages: ['a', 'b', 'c'].map((text, i) => ({
          role: i === 1 ? 'assistant' : 'user',
          content: [{ type: 'text', text, ...(mark === i + 1 ? { cache_control: { type: 'ephemeral' } } : {}) }],
        })),
      })
    expect(digests(turn(1, '2.1.197'))).toEqual(digests(turn(3, '2.1.329')))
    expect(digestMessages(turn(0, '1'), 0, null).breakpoints).toEqual([0])
    expect(digestMessages(turn(3, '1'), 0, null).breakpoints).toEqual([3])
    const { messages } = digestMessages(turn(1, '2.1.197'), 0, null)
    expect(JSON.stringify(messages)).not.toMatch(/billing|"cache"/)
  })

  it('has the breakpoints with which a prompt of another format goes to Anthropic', () => {
    const run = { type: 'function', function: { name: 'run', parameters: { type: 'object' } } }
    const [system, first, answer, second] = [
      { role: 'system', content: 'You are careful.' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]
    const breakpoints = (messages: readonly unknown[], tools: readonly unknown[] = []) =>
      digestMessages(chat(messages, tools), 0, null).breakpoints
    expect(breakpoints([first])).toEqual([])
    expect(breakpoints([system, first])).toEqual([0])
    expect(breakpoints([first], [run])).toEqual([0, 1])
    expect(breakpoints([system, first, answer, second])).toEqual([0, 3])
  })

  it('tells tools apart', () => {
    const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
    const ask = [{ role: 'user', content: 'a' }]
    expect(digests(chat(ask, [tool('x')]))[0]).not.toBe(digests(chat(ask, [tool('y')]))[0])
  })

  it('can be made so that only this ledger can make it', () => {
    const request = chat([{ role: 'user', content: 'a secret' }])
    const keyed = digestMessages(request, 0, (digest) => `k${digest.slice(1)}`)
    expect(keyed.prefixes.map((p) => p.digest)).not.toEqual(digests(request))
    expect(keyed.messages.every((m) => m.digest.startsWith('k'))).toBe(true)
  })
})
