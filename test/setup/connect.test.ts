import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultLoaders } from 'cosmiconfig'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLIENTS, clientNamed, connectClient, disconnectClient, type Target } from '../../src/setup/index.js'
import { type TestMachine, testMachine } from './machine.js'

const TARGET: Target = { url: 'http://127.0.0.1:4141', key: 'llmroute', keyNeeded: false, profile: null, at: '2026-11-20T10:00:00.000Z' }
const EDITED = CLIENTS.filter((client) => client.files !== undefined)

const connect = (machine: TestMachine, id: string, target: Partial<Target> = {}) =>
  connectClient(clientNamed(id), { ...TARGET, ...target }, { machine, configFolder: machine.configFolder }).write()
const undo = (machine: TestMachine, id: string, onChanged: 'refuse' | 'keep' | 'overwrite' = 'refuse') =>
  disconnectClient(clientNamed(id), { configFolder: machine.configFolder, onChanged })

describe('connect --write', () => {
  it('sets the environment of Claude Code and leaves the rest of its settings alone', () => {
    const machine = testMachine()
    machine.put('.claude/settings.json', '{\n  "permissions": {"allow": ["Bash(ls)"]},\n  "env": {\n    "FOO": "1"\n  }\n}\n')
    connect(machine, 'claude-code', { profile: 'code' })
    expect(machine.get('.claude/settings.json')).toBe(`{
  "permissions": {"allow": ["Bash(ls)"]},
  "env": {
    "FOO": "1",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:4141",
    "ANTHROPIC_AUTH_TOKEN": "llmroute",
    "ANTHROPIC_MODEL": "auto:code",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "auto:code",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "auto:code",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "auto:code"
  }
}
`)
  })

  it('gives Codex a provider that neither retries nor speaks chat', () => {
    const machine = testMachine()
    connect(machine, 'codex')
    expect(machine.get('.codex/config.toml')).toBe(`model = "auto"
model_provider = "llmroute"
web_search = "disabled"

[model_providers.llmroute]
name = "llmroute"
base_url = "http://127.0.0.1:4141/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`)
  })

  it('writes what YAML readers understand', () => {
    const machine = testMachine()
    machine.put(
      '.continue/config.yaml',
      'name: Mine\nversion: 0.0.1\nschema: v1\nmodels:\n  - name: gpt\n    provider: openai\n    model: gpt-5\n',
    )
    connect(machine, 'continue')
    connect(machine, 'aider', { profile: 'economy' })
    const yaml = (path: string): unknown => defaultLoaders['.yaml'](path, machine.get(path))
    expect(yaml('.continue/config.yaml')).toMatchObject({
      name: 'Mine',
      models: [
        { name: 'llmroute', provider: 'openai', model: 'auto', apiBase: 'http://127.0.0.1:4141/v1', roles: ['chat', 'edit', 'apply'] },
        { name: 'gpt' },
      ],
    })
    expect(yaml('.aider.conf.yml')).toEqual({
      'openai-api-base': 'http://127.0.0.1:4141/v1',
      'openai-api-key': 'llmroute',
      model: 'openai/auto:economy',
      'weak-model': 'openai/auto:economy',
    })
  })

  it('does not hide the older configuration of Continue', () => {
    const machine = testMachine()
    machine.put('.continue/config.json', '{}')
    expect(() => connect(machine, 'continue')).toThrow(/config\.yaml beside it would hide it/)
  })

  it('follows a link into a folder of dotfiles', () => {
    const machine = testMachine()
    const real = machine.put('dotfiles/codex.toml', 'model = "gpt-5"\n')
    mkdirSync(join(machine.home, '.codex'))
    symlinkSync(real, join(machine.home, '.codex/config.toml'))
    connect(machine, 'codex')
    expect(lstatSync(join(machine.home, '.codex/config.toml')).isSymbolicLink()).toBe(true)
    expect(machine.get('dotfiles/codex.toml')).toContain('model_provider')
    undo(machine, 'codex')
    expect(machine.get('dotfiles/codex.toml')).toBe('model = "gpt-5"\n')
  })

  it('touches nothing when one of several files cannot be edited', () => {
    const machine = testMachine()
    machine.put('.gemini/settings.json', '{ "broken": ')
    machine.put('.gemini/.env', 'A=1\n')
    const before = machine.snapshot()
    expect(() => connect(machine, 'gemini-cli')).toThrow(/settings\.json: line 1/)
    expect(machine.snapshot()).toEqual(before)
  })

  it('keeps its record for the owner alone', () => {
    const machine = testMachine()
    machine.put('.codex/config.toml', 'key = "sk-secret"\n')
    connect(machine, 'codex')
    const folder = join(machine.configFolder, 'connections', 'codex')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ['record.json', '0.before', '0.after']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, '0.before'), 'utf8')).toBe('key = "sk-secret"\n')
  })

  it('shows no key in its diff', () => {
    const machine = testMachine()
    machine.put('.claude/settings.json', `{\n  "env": {\n    "OPENAI_API_KEY": "sk-proj-${'a1'.repeat(20)}"\n  }\n}\n`)
    const { files } = connectClient(clientNamed('claude-code'), TARGET, { machine, configFolder: machine.configFolder })
    const shown = files.flatMap((file) => file.diff.map((line) => line.text)).join('\n')
    expect(shown).toContain('[redacted:sk-p]')
    expect(shown).not.toContain('a1a1')
  })
})

describe('connect --undo', () => {
  it.each(EDITED.map((client) => client.id))('%s: leaves nothing behind where nothing was', (id) => {
    const machine = testMachine()
    const before = machine.snapshot()
    expect(connect(machine, id).length).toBeGreaterThan(0)
    expect(connect(machine, id)).toEqual([])
    undo(machine, id)
    expect(machine.snapshot()).toEqual(before)
    expect(() => undo(machine, id)).toThrow(/not connected/)
  })

  it.each(['{"env": {}} // mine', '{"env": {},}'])('does not write to %j, which Claude Code would set aside', (text) => {
    const machine = testMachine()
    machine.put('.claude/settings.json', text)
    expect(() => connect(machine, 'claude-code')).toThrow(
      /settings\.json: Claude Code sets this file aside as a whole, since it is no strict JSON/,
    )
    expect(machine.get('.claude/settings.json')).toBe(text)
  })

  it('goes back to the very first state after several writes', () => {
    const machine = testMachine()
    const path = machine.put('.claude/settings.json', '{"env":{"ANTHROPIC_BASE_URL":"https://old.example"}}')
    chmodSync(path, 0o640)
    const before = machine.snapshot()
    connect(machine, 'claude-code')
    connect(machine, 'claude-code', { url: 'http://127.0.0.1:5151', profile: 'code' })
    undo(machine, 'claude-code')
    expect(machine.snapshot()).toEqual(before)
  })

  describe('of a file that was changed since', () => {
    const changed = (): TestMachine => {
      const machine = testMachine()
      machine.put('.claude/settings.json', '{\n  "env": {\n    "FOO": "1"\n  }\n}\n')
      connect(machine, 'claude-code')
      // As Claude Code itself rewrites its settings.
      const settings = JSON.parse(machine.get('.claude/settings.json')) as Record<string, unknown>
      machine.put('.claude/settings.json', JSON.stringify({ ...settings, theme: 'dark' }, null, 2))
      return machine
    }

    it('refuses, saying how', () => {
      const machine = changed()
      const before = machine.snapshot()
      expect(() => undo(machine, 'claude-code')).toThrow(
        expect.objectContaining({
          code: 'E_CONFLICT',
          message: expect.stringContaining('settings.json'),
          hint: expect.stringContaining('--force'),
        }),
      )
      expect(machine.snapshot()).toEqual(before)
    })

    it('with --keep takes out its own settings alone', () => {
      const machine = changed()
      undo(machine, 'claude-code', 'keep')
      expect(JSON.parse(machine.get('.claude/settings.json'))).toEqual({ env: { FOO: '1' }, theme: 'dark' })
    })

    it('with --force puts the backup back', () => {
      const machine = changed()
      undo(machine, 'claude-code', 'overwrite')
      expect(machine.get('.claude/settings.json')).toBe('{\n  "env": {\n    "FOO": "1"\n  }\n}\n')
    })

    it('a second write keeps the change out of harm', () => {
      const machine = changed()
      connect(machine, 'claude-code', { profile: 'code' })
      undo(machine, 'claude-code')
      expect(JSON.parse(machine.get('.claude/settings.json'))).toEqual({ env: { FOO: '1' }, theme: 'dark' })
    })
  })

  const content = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => text),
    fc
      .dictionary(fc.constantFrom('env', 'model', 'models', 'provider', 'agent'), fc.jsonValue())
      .map((value) => JSON.stringify(value, null, 2)),
    fc.constantFrom('', '\n', 'model: x\nmodels:\n- name: a\n', 'model = "x"\n\n[tui]\na = 1', 'GEMINI_API_KEY=abc', '\uFEFF{}\r\n'),
    fc.uint8Array(),
  )

  it.each(EDITED.map((client) => client.id))('%s: after any content is the identity', (id) => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 2, maxLength: 2 }), fc.constantFrom(0o600, 0o644), (contents, mode) => {
        const machine = testMachine()
        for (const [i, edit] of (clientNamed(id).files?.(TARGET, machine) ?? []).entries()) {
          mkdirSync(dirname(edit.path), { recursive: true })
          chmodSync(machine.put(edit.path.slice(machine.home.length + 1), contents[i] ?? ''), mode)
        }
        const before = machine.snapshot()
        try {
          connect(machine, id)
        } catch {
          expect(machine.snapshot()).toEqual(before)
          return
        }
        expect(connect(machine, id)).toEqual([])
        undo(machine, id)
        expect(machine.snapshot()).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })
})

describe('every client', () => {
  it.each(CLIENTS)('$id says what to do and what cannot be routed', (client) => {
    const machine = testMachine()
    expect(client.steps(TARGET, machine).length).toBeGreaterThan(0)
    expect(client.limits.length).toBeGreaterThan(0)
  })

  it('is found by name, or named when it is misspelt', () => {
    expect(clientNamed('Claude-Code').id).toBe('claude-code')
    expect(() => clientNamed('claud-code')).toThrow(expect.objectContaining({ hint: expect.stringContaining('claude-code') }))
  })

  it('Cursor gets a model name without gpt- or claude-', () => {
    const steps = clientNamed('cursor').steps({ ...TARGET, url: 'https://x.example', profile: 'code' }, testMachine())
    expect(steps.join('\n')).toContain('https://x.example/v1')
    expect(steps.join('\n')).toContain('llmroute-auto:code')
  })
})
