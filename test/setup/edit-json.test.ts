import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChanges, readSetting, revertChanges } from '../../src/setup/edit/apply-changes.js'
import type { Change } from '../../src/setup/edit/format.js'

const set = (text: string, ...changes: Change[]): string => applyChanges(text, 'json', changes)

describe('editing JSON', () => {
  it('adds to the end of an object and leaves comments, order and trailing commas alone', () => {
    const text = `// Zed settings
{
  "theme": "One Dark", // dark
  /* fonts */
  "buffer_font_size": 14,
  "agent": { "enabled": true },
}
`
    expect(set(text, { at: ['agent', 'model'], value: 'auto' }, { at: ['lsp', 'port'], value: 1 })).toBe(`// Zed settings
{
  "theme": "One Dark", // dark
  /* fonts */
  "buffer_font_size": 14,
  "agent": { "enabled": true, "model": "auto" },
  "lsp": {
    "port": 1
  },
}
`)
  })

  it('puts a comma before the remark of the last line', () => {
    expect(set('{\n\t"a": 1 // one\n}', { at: ['b'], value: [2] })).toBe('{\n\t"a": 1, // one\n\t"b": [\n\t\t2\n\t]\n}')
  })

  it('replaces a value where it stands and keeps CRLF', () => {
    expect(set('{\r\n  "env": {\r\n    "A": "x"\r\n  }\r\n}\r\n', { at: ['env', 'A'], value: 'y' }, { at: ['env', 'B'], value: 'z' })).toBe(
      '{\r\n  "env": {\r\n    "A": "y",\r\n    "B": "z"\r\n  }\r\n}\r\n',
    )
  })

  it.each([
    ['', '{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['{}', '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['{ // nothing yet\n}\n', '{ // nothing yet\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['{a: {b: 2,},}', '{a: {b: 1,},}'],
    ['{"x":1}', '{"x":1, "a": {"b":1}}'],
    ['\uFEFF{}', '\uFEFF{\n  "a": {\n    "b": 1\n  }\n}'],
  ])('edits %j', (text, wanted) => {
    expect(set(text, { at: ['a', 'b'], value: 1 })).toBe(wanted)
  })

  it('fills gaps only where that is asked', () => {
    expect(set('{"a":1}', { at: ['a'], value: 2, when: 'absent' })).toBe('{"a":1}')
  })

  it.each([
    ['{"a": 1', /line 1: .*'}'/],
    ['{\n"a": \n}', /line 3/],
    ['{', /line 1: this is not JSON at or after '{'/],
    ['[1]', /the document.* holds no object/],
    ['{"a": "text"}', /"a".* holds no object/],
  ])('refuses %j', (text, message) => {
    expect(() => set(text, { at: ['a', 'b'], value: 1 })).toThrow(message)
  })

  const key = fc.oneof(
    fc.constantFrom('env', 'model', 'a'),
    fc.string({ maxLength: 6 }).filter((k) => k !== '__proto__'),
  )
  const document = fc.tuple(
    fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })).map((d) => JSON.parse(JSON.stringify(d)) as Record<string, unknown>),
    fc.constantFrom<string | number | undefined>(undefined, 1, 2, 4, '\t'),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  const styled = document.map(([value, indent, eol, closed]) => ({
    value,
    text: JSON.stringify(value, null, indent).split('\n').join(eol) + (closed ? eol : ''),
  }))
  const change = fc.record({ at: fc.array(key, { minLength: 1, maxLength: 3 }), value: fc.oneof(fc.string(), fc.integer(), fc.boolean()) })

  it('sets exactly what it is told to, once, and takes it back', () => {
    fc.assert(
      fc.property(styled, fc.array(change, { minLength: 1, maxLength: 3 }), ({ value, text }, changes) => {
        let after: string
        try {
          after = set(text, ...changes)
        } catch {
          return
        }
        const wanted = structuredClone(value)
        for (const { at, value: set } of changes) put(wanted, at, set)
        expect(JSON.parse(after)).toEqual(wanted)
        expect(set(after, ...changes.slice(-1))).toBe(after)
        if (!overlap(changes)) expect(readSetting(revertChanges(after, text, 'json', changes), 'json', [])).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(styled, ({ value, text }) => {
        expect(readSetting(text, 'json', [])).toEqual(value)
        for (const [name, inner] of Object.entries(value)) expect(readSetting(text, 'json', [name])).toEqual(inner)
      }),
    )
  })
})

function put(target: Record<string, unknown>, at: readonly string[], value: unknown): void {
  const [key = '', ...rest] = at
  if (rest.length === 0) target[key] = value
  else {
    target[key] ??= {}
    put(target[key] as Record<string, unknown>, rest, value)
  }
}

/** One change inside another has no way back of its own. */
function overlap(changes: readonly { at: readonly string[] }[]): boolean {
  return changes.some((a, i) => changes.some((b, j) => i !== j && a.at.every((key, depth) => b.at[depth] === key)))
}
