import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChanges, type FormatName, readSetting, revertChanges } from '../../src/setup/edit/apply-changes.js'
import type { Change } from '../../src/setup/edit/format.js'
import { CODEX } from './codex-changes.js'

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,5}$/)
const comment = fc.constantFrom('# note', '', '   ', '# a = 1', '# - b: [c]')
const eol = fc.constantFrom('\n', '\r\n')

const tomlLine = fc.oneof(
  fc
    .tuple(
      word,
      fc.constantFrom('1', '"x # y"', "'C:\\x'", 'true', '[1, 2]', '[\n  "a", # b\n  "c",\n]', '{ a = 1, b = "}" }', '"""\n[x]\n"""'),
    )
    .map(([key, value]) => `${key} = ${value}`),
  comment,
)
/** Distinct keys and tables, as TOML demands. */
const tomlText = fc
  .tuple(
    fc.uniqueArray(tomlLine, { selector: keyOf }),
    fc.uniqueArray(fc.tuple(word, fc.uniqueArray(tomlLine, { selector: keyOf })), { selector: ([name]) => name }),
    eol,
  )
  .map(([root, tables, end]) => [...root, ...tables.flatMap(([name, lines]) => [`[X.${name}]`, ...lines])].join('\n').replaceAll('\n', end))

const yamlLine = fc.oneof(
  fc
    .tuple(
      word,
      fc.constantFrom(
        ' 1',
        ' "x: y"',
        ' text # note',
        '\n  - a\n  - b: c',
        '\n- a\n- b',
        '\n  inner: true',
        ' |\n  line: 1\n\n  line',
        ' [a, b]',
        '',
      ),
    )
    .map(([key, value]) => `${key}:${value}`),
  comment,
)
const yamlText = fc.tuple(fc.uniqueArray(yamlLine, { selector: keyOf }), eol).map(([lines, end]) => lines.join('\n').replaceAll('\n', end))

const envText = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.tuple(fc.constantFrom('A', 'B', 'export C'), word).map(([key, value]) => `${key}=${value}`),
        comment,
      ),
    ),
    eol,
  )
  .map(([lines, end]) => lines.join(end))

function keyOf(line: string): string {
  return /^[a-z][\w-]*(?=\s*[=:])/.exec(line)?.[0] ?? line
}

describe.each<[FormatName, fc.Arbitrary<string>, Change[]]>([
  ['toml', tomlText, [...CODEX, { at: ['X', 'new', 'k'], value: 'v' }]],
  [
    'yaml',
    yamlText,
    [
      { at: ['model-name'], value: 'm' },
      { at: ['list-of-models', 'llmroute'], value: { apiBase: 'http://a' } },
    ],
  ],
  [
    'dotenv',
    envText,
    [
      { at: ['A'], value: 'http://a' },
      { at: ['NEW'], value: 'b' },
    ],
  ],
])('%s of any content', (format, text, changes) => {
  it('gets the settings, keeps every other line, is the same the second time, and gives them back', () => {
    fc.assert(
      fc.property(text, (before) => {
        const after = applyChanges(before, format, changes)
        for (const { at, value } of changes.filter((c) => typeof c.value !== 'object')) expect(readSetting(after, format, at)).toBe(value)
        expect(applyChanges(after, format, changes)).toBe(after)
        const reverted = revertChanges(after, before, format, changes)
        expect(significant(reverted)).toEqual(significant(before))
        for (const line of significant(before)) if (!/^(A|model)\b/.test(line)) expect(significant(after)).toContain(line)
      }),
      { numRuns: 300 },
    )
  })
})

/** Values that the clients' settings take the place of: each comes back as it was spelled. */
const spelled = fc.constantFrom('1', "'C:\\x'", '"a"', '["x", # b\n  "y",\n]', '{ a = 1 }', '"""\n[x]\n"""')
const settings = (...names: string[]) =>
  fc
    .tuple(
      ...names.map((name) =>
        fc.option(
          spelled.map((value) => `${name} = ${value}`),
          { nil: '' },
        ),
      ),
    )
    .map((lines) => lines.filter((line) => line !== ''))
const table = (name: string, ...names: string[]) =>
  fc.oneof(
    fc.constant([]),
    settings(...names).map((lines) => [`[${name}]`, ...lines]),
  )
const heldToml = fc
  .tuple(
    settings('model', 'model_provider'),
    table('X', 'z'),
    table('X.new', 'k', 'other'),
    table('model_providers.llmroute', 'base_url'),
    eol,
  )
  .map(([root, ...rest]) =>
    [root, ...rest.slice(0, -1)]
      .flat()
      .join('\n')
      .replaceAll('\n', rest.at(-1) as string),
  )
const heldYaml = fc
  .tuple(
    fc.constantFrom('', 'model-name:', "model-name: 'it''s' # note", 'model-name: 1.50'),
    fc.constantFrom(
      '',
      'list-of-models:',
      'list-of-models: []',
      'list-of-models: [] # none',
      'list-of-models:\n- name: a\n  b: c',
      'list-of-models:\n  - name: llmroute\n    deep:\n      - x # y\n  - name: z',
    ),
    fc.constantFrom('', '# last', 'z: 1'),
    eol,
  )
  .map(([name, list, last, end]) => [name, list, last].filter(Boolean).join('\n').replaceAll('\n', end))

it.each<[FormatName, fc.Arbitrary<string>, Change[]]>([
  ['toml', heldToml, [...CODEX, { at: ['X', 'new', 'k'], value: 'v' }]],
  [
    'yaml',
    heldYaml,
    [
      { at: ['model-name'], value: 'm' },
      { at: ['list-of-models', 'llmroute'], value: { apiBase: 'http://a' } },
    ],
  ],
  ['dotenv', fc.constantFrom("A='1'\nB=2", 'export A="x"', 'A='), [{ at: ['A'], value: 'http://a' }]],
])('%s: what stood in the place of a setting, or was empty, comes back as it was spelled', (format, text, changes) => {
  fc.assert(
    fc.property(text, (before) => {
      const after = applyChanges(before, format, changes)
      expect(significant(revertChanges(after, before, format, changes))).toEqual(significant(before))
    }),
    { numRuns: 300 },
  )
})

it('leaves alone what it never touched, and what a person removed with its holder', () => {
  const changes: Change[] = [{ at: ['a'], value: '1', when: 'absent' }]
  expect(revertChanges('a = "mine since"\n', 'a = "mine"\n', 'toml', changes)).toBe('a = "mine since"\n')
  expect(revertChanges('b = 1\n', '[X.new]\n', 'toml', [{ at: ['X', 'new', 'k'], value: 'v' }])).toBe('b = 1\n')
})

it('leaves an item that a person added to a list of ours', () => {
  const changes: Change[] = [{ at: ['models', 'llmroute'], value: { apiBase: 'http://a' } }]
  const after = applyChanges('', 'yaml', changes)
  expect(revertChanges(`${after}  # my own\n  - name: mine\n`, '', 'yaml', changes)).toBe('models:\n  # my own\n  - name: mine\n')
})

function significant(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}
