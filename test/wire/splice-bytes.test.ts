import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Splice } from '../../src/wire/codec.js'
import { spliceBody } from '../../src/wire/splice-bytes.js'

function splice(text: string, ...splices: Splice[]): string {
  return spliceBody(Buffer.from(text), JSON.parse(text) as Record<string, unknown>, splices).toString()
}
const model = (value: string): Splice => ({ kind: 'model', value })
const drop = (...path: (string | number)[]): Splice => ({ kind: 'drop', field: path.join('.'), path, why: 'test' })

describe('splicing a relayed body', () => {
  it('returns the very same bytes without splices, or when the model stays', () => {
    const bytes = Buffer.from('{"model" : "a"}')
    expect(spliceBody(bytes, { model: 'a' }, [])).toBe(bytes)
    expect(spliceBody(bytes, { model: 'a' }, [model('a')])).toBe(bytes)
  })

  it('changes the model and no other byte: numbers, escapes, spaces and unknown fields stay', () => {
    const rest = ',\n "n": 1.0e+02 , "big":12345678901234567890, "t":"\\u00e9\\/\\"model\\":", "x":{"model":"inner"}}'
    expect(splice(`{ "model" : "auto"${rest}`, model('gpt-5'))).toBe(`{ "model" : "gpt-5"${rest}`)
  })

  it('finds the model behind nested values that look like it', () => {
    expect(splice('{"a":[{"model":"x"},"}\\\\"],"model":"auto"}', model('b'))).toBe('{"a":[{"model":"x"},"}\\\\"],"model":"b"}')
  })

  it('adds what is absent and completes stream_options', () => {
    expect(splice('{"model":"a"}', { kind: 'include-usage' })).toBe('{"stream_options":{"include_usage":true},"model":"a"}')
    expect(splice('{"stream_options":{"x":1,"include_usage":false}}', { kind: 'include-usage' })).toBe(
      '{"stream_options":{"x":1,"include_usage":true}}',
    )
    expect(splice('{}', { kind: 'limit', field: 'max_tokens', value: 5 })).toBe('{"max_tokens":5}')
  })

  it('drops fields wherever they stand, leaving valid JSON', () => {
    expect(splice('{"a":1, "b":2, "c":3}', drop('a'))).toBe('{"b":2, "c":3}')
    expect(splice('{"a":1, "b":2, "c":3}', drop('b'))).toBe('{"a":1, "c":3}')
    expect(splice('{"a":1, "b":2, "c":3}', drop('b'), drop('c'))).toBe('{"a":1}')
    expect(splice('{"a":1,"b":2}', drop('a'), drop('b'), model('m'))).toBe('{"model":"m"}')
  })

  it('renames a key, sets a nested value and clamps a limit', () => {
    expect(splice('{"max_tokens":9}', { kind: 'rename', field: 'max_tokens', to: 'max_completion_tokens' })).toBe(
      '{"max_completion_tokens":9}',
    )
    const role: Splice = { kind: 'set', field: 'messages.1.role', path: ['messages', 1, 'role'], value: 'system', why: 'test' }
    expect(splice('{"messages":[{"role":"user"},{"role": "developer","x":1}]}', role)).toBe(
      '{"messages":[{"role":"user"},{"role": "system","x":1}]}',
    )
  })

  it('takes out signed reasoning', () => {
    const body = '{"input":[{"type":"reasoning","e":"x"},{"type":"message"},{"type":"reasoning"}],"model":"a"}'
    const paths = [
      ['input', 0],
      ['input', 2],
    ] as const
    expect(splice(body, { kind: 'drop-all', field: 'reasoning', why: 'test', paths }, model('b'))).toBe(
      '{"input":[{"type":"message"}],"model":"b"}',
    )
  })

  it('does to any JSON text what the same change does to its value', () => {
    const key = fc.constantFrom('model', 'a', 'b"', 'é', 'max_tokens', 'messages')
    const value = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(fc.dictionary(key, value), key, fc.string(), fc.constantFrom(0, 1, 2), (body, dropped, name, indent) => {
        const text = JSON.stringify(body, null, indent)
        const out = splice(text, { kind: 'drop', field: dropped, why: 'test' }, { kind: 'set', field: 'new', value: name, why: 'test' })
        const { [dropped]: _, ...rest } = JSON.parse(text) as Record<string, unknown>
        expect(JSON.parse(out)).toEqual({ ...rest, new: name })
      }),
    )
  })
})
