import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Request } from '../../src/canonical/index.js'
import { digestMessages } from '../../src/route/digest-messages.js'
import { createRecognizer } from '../../src/route/recognize.js'
import { codecFor } from '../../src/wire/index.js'

const read = (messages: readonly unknown[], tools: readonly unknown[] = []): Request =>
  codecFor('openai-chat').readRequest({ model: 'm', messages, ...(tools.length > 0 ? { tools } : {}) }, { headers: {} })
const turn = (n: number): readonly unknown[] => [
  { role: 'system', content: 'You mend programs.' },
  { role: 'user', content: 'Mend this.' },
  ...Array.from({ length: n }, (_, i) => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `c${i}`, type: 'function', function: { name: 'look', arguments: `{"at":${i}}` } }],
    },
    { role: 'tool', tool_call_id: `c${i}`, content: `line ${i}\n`.repeat(500) },
  ]).flat(),
]
const look = (properties: object) => ({ type: 'function', function: { name: 'look', parameters: { type: 'object', properties } } })

describe('a message that came before', () => {
  it('is the very same one on the next turn, and so are the tools', () => {
    const recognize = createRecognizer()
    const before = recognize(read(turn(3), [look({ at: {} })]))
    const after = recognize(read(turn(4), [look({ at: {} })]))
    expect(after.messages.slice(0, 8).every((message, i) => message === before.messages[i])).toBe(true)
    expect(after.messages).toHaveLength(10)
    expect(after.tools).toBe(before.tools)
  })

  it('is the very same one where only the instructions come again, with another question', () => {
    const recognize = createRecognizer()
    const asked = (system: string, content: string) =>
      recognize(
        read([
          { role: 'system', content: system },
          { role: 'user', content },
        ]),
      )
    const first = asked('You mend programs.', 'Mend this.')
    const second = asked('You mend programs.', 'Mend that.')
    expect(second.messages[0]).toBe(first.messages[0])
    expect(second.messages[1]).toEqual({ role: 'user', parts: [{ type: 'text', text: 'Mend that.' }] })
    expect(digestMessages(second, 5, null).messages[0]).toBe(digestMessages(first, 5, null).messages[0])
    expect(asked('You write poems.', 'Mend that.').messages[0]).not.toBe(first.messages[0])
  })

  it('is another when it is written otherwise, were it in the order of its names', () => {
    const recognize = createRecognizer()
    const asked = (extra: object) => recognize(read([...turn(1), { role: 'user', content: 'go on', ...extra }], [look({ at: {} })]))
    const first = asked({ one: 1, two: 2 })
    expect(asked({ one: 1, two: 2 }).messages.at(-1)).toBe(first.messages.at(-1))
    for (const other of [{ two: 2, one: 1 }, { one: 1, two: 3 }, { one: 1 }, {}])
      expect(asked(other).messages.at(-1)).not.toBe(first.messages.at(-1))
    const tools = (properties: object) => recognize(read(turn(1), [look(properties)])).tools
    expect(tools({ a: {}, b: {} })).toBe(tools({ a: {}, b: {} }))
    expect(tools({ a: {}, b: {} })).not.toBe(tools({ b: {}, a: {} }))
  })

  it('changes nothing that can be seen of any request, nor its digests', () => {
    const recognize = createRecognizer()
    const text = fc.oneof(fc.constantFrom('a', 'b', 'on and on '.repeat(40)), fc.string())
    const message = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text })
    const tool = fc.constantFrom(look({ a: {} }), look({ b: {} }), look({ a: {}, b: {} }), look({ b: {}, a: {} }))
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), fc.array(tool, { maxLength: 2 }), (messages, tools) => {
        const request = read(messages, tools)
        const recognized = recognize(request)
        expect(JSON.stringify(recognized)).toBe(JSON.stringify(request))
        expect(digestMessages(recognized, 5, null)).toEqual(digestMessages(structuredClone(request), 5, null))
      }),
      { numRuns: 300 },
    )
  })

  it('is kept within bounds', () => {
    const recognize = createRecognizer()
    const long = (n: number) => recognize(read([...turn(1), { role: 'user', content: `${n}${'x'.repeat(1_000_000)}` }])).messages.at(-1)
    const first = long(1)
    expect(long(1)).toBe(first)
    for (let n = 2; n < 6; n++) long(n)
    expect(long(1)).not.toBe(first)
  })
})
