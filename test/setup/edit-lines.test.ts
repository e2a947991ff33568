import { defaultLoaders } from 'cosmiconfig'
import { describe, expect, it } from 'vitest'
import { applyChanges, type FormatName, readSetting } from '../../src/setup/edit/apply-changes.js'
import type { Change } from '../../src/setup/edit/format.js'
import { CODEX } from './codex-changes.js'

const editor =
  (format: FormatName) =>
  (text: string, ...changes: Change[]): string =>
    applyChanges(text, format, changes)
const toml = editor('toml')
const yaml = editor('yaml')
const dotenv = editor('dotenv')
const parseYaml = (text: string): Record<string, unknown> => defaultLoaders['.yaml']('test.yaml', text) as Record<string, unknown>

describe('editing TOML', () => {
  it('keeps root keys above the tables and puts a new table last', () => {
    const text = `# Codex
model = "gpt-5" # the good one
notify = [
  "say", # [not a table]
]

[projects."/home/me/a b"]
trust_level = "trusted"
`
    expect(toml(text, ...CODEX)).toBe(`# Codex
model = "auto" # the good one
notify = [
  "say", # [not a table]
]
model_provider = "llmroute"

[projects."/home/me/a b"]
trust_level = "trusted"

[model_providers.llmroute]
base_url = "http://127.0.0.1:4141/v1"
request_max_retries = 0
`)
  })

  it('puts root keys first where there are none yet', () => {
    expect(toml('[a]\nb = 1', { at: ['model'], value: 'auto' })).toBe('model = "auto"\n\n[a]\nb = 1')
  })

  it('edits a table that is there already', () => {
    const text = '[model_providers.llmroute]\nbase_url = "http://old" \n[tui]\ntheme = "x"\n'
    expect(toml(text, ...CODEX.slice(2))).toBe(
      '[model_providers.llmroute]\nbase_url = "http://127.0.0.1:4141/v1" \nrequest_max_retries = 0\n[tui]\ntheme = "x"\n',
    )
  })

  it('is not fooled by strings that look like tables or pairs', () => {
    const text = 'a = """\n[model_providers.llmroute]\nmodel = "x"\n"""\nb = \'[c]\'\n'
    const after = toml(text, ...CODEX)
    expect(after.startsWith(text)).toBe(true)
    expect(readSetting(after, 'toml', ['model'])).toBe('auto')
  })

  it.each([
    ['model_providers = { llmroute = { base_url = "x" } }', /line 1: .*not edited here/],
    ['model_providers.llmroute.name = "x"', /not edited here/],
    ['[model]\nname = "x"', /not edited here/],
    ['[[model_providers]]\nname = "x"', /not edited here/],
    ['model = "x', /line 1: Unterminated string/],
    ['[a]\nb = 1\n[a]\nc = 2', /line 3: Defining a key multiple times/],
    ['model "x"', /line 1: Expected equal \(=\) token/],
  ])('refuses %j', (text, message) => {
    expect(() => toml(text, ...CODEX)).toThrow(message)
  })
})

describe('editing YAML', () => {
  const AIDER: Change[] = [
    { at: ['openai-api-base'], value: 'http://127.0.0.1:4141/v1' },
    { at: ['model'], value: 'openai/auto:economy' },
  ]
  const item = (url: string): Change => ({
    at: ['models', 'llmroute'],
    value: { provider: 'openai', apiBase: url, roles: ['chat', 'edit'] },
  })

  it('replaces one-line values with their comments kept and appends the rest', () => {
    expect(yaml('# aider\nmodel: "gpt-5"  # mine\nread:\n- A.md\n', ...AIDER)).toBe(
      '# aider\nmodel: openai/auto:economy  # mine\nread:\n- A.md\nopenai-api-base: http://127.0.0.1:4141/v1\n',
    )
  })

  it.each([
    ['', 'models:\n  - name: llmroute\n    provider: openai\n    apiBase: http://a/v1\n    roles: [chat, edit]\n'],
    [
      'models: [] # none\n',
      'models: # none\n  - name: llmroute\n    provider: openai\n    apiBase: http://a/v1\n    roles: [chat, edit]\n',
    ],
    [
      'models:\n- name: gpt\n  provider: openai\n\n# rules\nrules: []\n',
      'models:\n- name: llmroute\n  provider: openai\n  apiBase: http://a/v1\n  roles: [chat, edit]\n- name: gpt\n  provider: openai\n\n# rules\nrules: []\n',
    ],
    ['models:', 'models:\n  - name: llmroute\n    provider: openai\n    apiBase: http://a/v1\n    roles: [chat, edit]\n'],
  ])('adds an item to %j', (text, wanted) => {
    const after = yaml(text, item('http://a/v1'))
    expect(after).toBe(wanted)
    expect(yaml(after, item('http://a/v1'))).toBe(after)
    expect(readSetting(yaml(after, item('http://b/v1')), 'yaml', ['models', 'llmroute', 'apiBase'])).toBe('http://b/v1')
    expect(parseYaml(after).models).toContainEqual({
      name: 'llmroute',
      provider: 'openai',
      apiBase: 'http://a/v1',
      roles: ['chat', 'edit'],
    })
  })

  it.each([
    ['models: [{name: a}]', /not a list with one item a line/],
    ['{models: []}', /no plain list of keys/],
    ['a: *b\n', /Unresolved alias/],
    ['a: 1\n---\nb: 2\n', /line 2/],
  ])('refuses %j', (text, message) => {
    expect(() => yaml(text, item('http://a/v1'))).toThrow(message)
  })

  it('indents keys and items as the file does, and leaves the comments of other items where they are', () => {
    expect(yaml('  a: 1\n  read:\n  - x\n', ...AIDER.slice(1))).toBe('  a: 1\n  read:\n  - x\n  model: openai/auto:economy\n')
    const list = 'models:\n- name: llmroute\n  old: true\n# mine\n- name: gpt\n'
    const after = yaml(list, { at: ['models', 'llmroute'], value: { provider: 'openai' } })
    expect(after).toBe('models:\n- name: llmroute\n  provider: openai\n# mine\n- name: gpt\n')
  })

  it.each([
    ['models:\n  gpt: {}\n', /line 1: "models" is not a list/],
    ['models: "gpt\n', /line 2: Missing closing/],
    ['a: b: c\n', /line 1: /],
    ['a: 1\n...\n', /no plain list of keys/],
    ['a: 1\n---\nb: 2\n', /line 2: there is a second document/],
  ])('writes nothing that no reader would take: %j', (text, message) => {
    expect(() => yaml(text, item('http://a/v1'))).toThrow(message)
  })

  it('refuses to replace a value of several lines', () => {
    expect(() => yaml('model: |\n  a\n  b\n', ...AIDER)).toThrow(/more than one plain value/)
  })
})

describe('editing NAME=value files', () => {
  it('replaces the line that counts and appends the rest', () => {
    const text = '# keys\nexport A="1"\nA=2\nB=3'
    expect(dotenv(text, { at: ['A'], value: '9' }, { at: ['C'], value: 'http://x' })).toBe('# keys\nexport A="1"\nA=9\nB=3\nC=http://x\n')
  })
})
