import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineConfig, type LoadedConfig, loadConfig, type Overrides } from '../../src/config/index.js'

let root: string
let own: string
let project: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'llmroute-config-'))
  own = join(root, 'own')
  project = join(root, 'project')
  for (const folder of [own, project, join(project, 'deep')]) mkdirSync(folder)
  writeFileSync(join(project, 'package.json'), '{"name":"project"}')
})

function load(
  more: { cwd?: string; configPath?: string; overrides?: Overrides; env?: Record<string, string> } = {},
): Promise<LoadedConfig> {
  return loadConfig({ cwd: project, ...more, env: { LLMROUTE_CONFIG_DIR: own, ...more.env } })
}

const write = (name: string, text: string): string => {
  const path = join(project, name)
  writeFileSync(path, text)
  return path
}

describe('finding a configuration', () => {
  it('reads TypeScript that imports defineConfig from llmroute', async () => {
    const path = write(
      'router.config.ts',
      "import { defineConfig } from 'llmroute'\nconst port: number = 5151\nexport default defineConfig({ server: { port } })\n",
    )
    const loaded = await load({ cwd: join(project, 'deep') })
    expect(loaded.path).toBe(path)
    expect(loaded.config.server.port).toBe(5151)
  })

  it.each([
    ['router.config.mjs', 'export default { default: "fast" }'],
    ['router.config.js', 'module.exports = { default: "fast" }'],
    // `default` is a setting here, not the export of a module.
    ['router.config.cjs', 'const { defineConfig } = require("llmroute")\nmodule.exports = defineConfig({ default: "fast" })'],
    ['router.config.ts', 'module.exports = { default: "fast" }'],
    ['router.config.json', '{ "default": "fast" }'],
    ['router.config.yaml', 'default: fast\n'],
    ['package.json', '{ "name": "project", "llmroute": { "default": "fast" } }'],
  ])('reads %s', async (name, text) => {
    const path = write(name, text)
    const loaded = await load()
    expect(loaded).toMatchObject({ path, config: { default: 'fast' } })
  })

  it('falls back to the user’s own folder, then to defaults', async () => {
    expect((await load()).path).toBeNull()
    const path = join(own, 'router.config.json')
    writeFileSync(path, '{ "default": "economy" }')
    expect(await load()).toMatchObject({ path, folder: own, config: { default: 'economy' } })
    write('router.config.json', '{ "default": "fast" }')
    expect((await load()).config.default).toBe('fast')
  })

  it('takes the file that is named, by option or variable', async () => {
    write('other.json', '{ "default": "quality" }')
    expect((await load({ configPath: 'other.json' })).config.default).toBe('quality')
    expect((await load({ env: { LLMROUTE_CONFIG: 'other.json' } })).config.default).toBe('quality')
    await expect(load({ configPath: 'nowhere.ts' })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('no such file'),
    })
  })

  it('takes paths relative to its own folder, and ~/ as the home folder', async () => {
    const settings = { ledger: { path: 'data/l.db' }, keys: { path: '../keys.json' }, classifier: { examples: '~/examples.jsonl' } }
    write('router.config.json', JSON.stringify(settings))
    const { config } = await load({ cwd: join(project, 'deep') })
    expect(config.ledger.path).toBe(join(project, 'data', 'l.db'))
    expect(config.keys.path).toBe(join(root, 'keys.json'))
    expect(config.classifier.examples).toBe(join(homedir(), 'examples.jsonl'))
  })

  it('lays command-line values over the file', async () => {
    write('router.config.json', '{ "server": { "port": 5000, "host": "127.0.0.2" }, "sandbox": false }')
    const { config } = await load({ overrides: { server: { port: 6060, host: undefined }, sandbox: true } })
    expect(config.server).toMatchObject({ port: 6060, host: '127.0.0.2' })
    expect(config.sandbox).toBe(true)
  })

  it.each([
    ['.ts', 'export default'],
    ['.mjs', 'export default'],
    ['.js', 'export default'],
    ['.cjs', 'module.exports ='],
  ])('reads an edited %s file anew', async (extension, exported) => {
    const path = write(`router.config${extension}`, `${exported} { default: "fast" }`)
    expect((await load()).config.default).toBe('fast')
    writeFileSync(path, `${exported} { default: "quality" }`)
    expect((await load()).config.default).toBe('quality')
  })

  it('says that a file cannot be read', async () => {
    write('router.config.ts', 'export default { server: ')
    await expect(load()).rejects.toMatchObject({ code: 'E_CONFIG', message: expect.stringMatching(/could not be read: [^\n]+$/) })
  })

  it('names the file that cannot be read, not the folder that was searched', async () => {
    const path = write('router.config.mjs', 'throw new Error("boom")')
    await expect(load()).rejects.toMatchObject({ code: 'E_CONFIG', message: `${path} could not be read: boom` })
  })

  it('names the byte order mark of a package.json, which nobody sees', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(project)
    const path = write('package.json', '\uFEFF{}')
    await expect(load()).rejects.toMatchObject({ code: 'E_CONFIG', message: `${path} begins with a byte order mark` })
    vi.restoreAllMocks()
  })

  it('takes a package.json that cannot be read for a wrong configuration', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(project)
    const path = write('package.json', '{"name":')
    await expect(load()).rejects.toMatchObject({ code: 'E_CONFIG', message: expect.stringContaining(`${path} could not be read: `) })
    vi.restoreAllMocks()
  })

  it.each([
    ['router.config.json', ''],
    ['router.config.yaml', '# nothing yet\n'],
    ['router.config.json', 'null'],
    ['router.config.mjs', 'export default null'],
  ])('takes a file that says nothing for a configuration: %s', async (name, text) => {
    const path = write(name, text)
    expect(await load()).toMatchObject({ path, config: { server: { port: 4141 } } })
  })

  it.skipIf(process.platform === 'win32')('does not pass over a file that cannot be read', async () => {
    const path = join(project, 'router.config.ts')
    symlinkSync(join(root, 'gone.ts'), path)
    await expect(load({ cwd: join(project, 'deep') })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: `${path} cannot be read (ENOENT).`,
    })
  })

  it('says that a function is none', async () => {
    write('router.config.mjs', 'export default () => ({ default: "fast" })')
    await expect(load()).rejects.toMatchObject({ message: expect.stringMatching(/the whole file: found a function, expected an object$/) })
  })

  it('says that a script forgot to export', async () => {
    const path = write('router.config.ts', '// mine\nconst config = { default: "fast" }\n')
    await expect(load()).rejects.toMatchObject({
      message: `${path} could not be read: it exports nothing; write \`export default defineConfig({ ... })\``,
    })
    write('router.config.ts', '// nothing yet\n')
    expect((await load()).config.default).toBe('balanced')
  })

  it.each(['{ "sandbox": true, }', '{\n  // mine\n  "sandbox": true\n}'])('says which files may have comments: %s', async (text) => {
    write('router.config.json', text)
    await expect(load()).rejects.toMatchObject({
      message: expect.stringMatching(/JSON has no comments and no comma after the last entry; a \.yaml or \.ts file may have both$/),
    })
  })

  it.each(['{', '{"a": }', '[1'])('says in one line what is wrong with JSON: %s', async (text) => {
    write('router.config.json', text)
    await expect(load()).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringMatching(/could not be read: [^\n|]+JSON[^\n|]+$/),
    })
  })
})

describe('what is wrong with a configuration', () => {
  const complaint = async (text: string): Promise<{ message: string; hint: string; param: string }> => {
    write('router.config.json', text)
    return load().then(
      () => expect.unreachable(),
      (error) => error,
    )
  }

  it.each([
    ['{ "server": { "port": "4141" } }', 'server.port: found "4141", expected a number'],
    ['{ "server": { "port": 6000 } }', 'server.port: found 6000, expected another port: fetch and browsers refuse'],
    ['{ "models": ["gpt-4o"] }', 'models[0]: found "gpt-4o", expected \'provider/name\''],
    [
      '{ "models": ["a/b", { "id": "a/c", "price": { "input": "3", "output": 1 } }] }',
      'models[1].price.input: found "3", expected a number',
    ],
    ['{ "models": ["a/b", 5] }', 'models[1]: found 5, expected a string or an object'],
    [
      '{ "profiles": { "code": { "strategy": "cheap" } } }',
      'profiles.code.strategy: found "cheap", expected one of "cheapest", "balanced", "best"',
    ],
    [
      '{ "profiles": { "code": { "strategy": "best", "weights": { "cost": 1, "quality": 1, "latency": 0 } } } }',
      'profiles.code.strategy: found "best", expected weights or strategy, found both',
    ],
    [
      '{ "profiles": { "code": { "minQuality": 0.8, "strategy": "best" } } }',
      "profiles.code.minQuality: found 0.8, expected only together with strategy 'cheapest'",
    ],
    ['{ "rules": [{ "when": { "task": "coding" }, "use": "a/b" }] }', 'rules[0].when.task: found "coding"'],
    [
      '{ "rules": [{ "when": { "prompt": "(" }, "use": "a/b" }] }',
      'rules[0].when.prompt: found "(", expected a JavaScript regular expression',
    ],
    ['{ "rules": [{ "when": { "side": true } }] }', 'rules[0]: found an object, expected `use`, `weights` or `deadline`'],
    ['{ "ledger": { "keep": "long" } }', 'ledger.keep: found "long", expected a duration such as \'30s\''],
    ['{ "ledger": { "bodies": "some" } }', 'ledger.bodies: found "some", expected one of "all", "none"'],
    ['{ "providers": { "lab": { "baseURL": "127.0.0.1:9100" } } }', 'providers.lab.baseURL: found "127.0.0.1:9100"'],
    ['{ "providers": { "a/b": {} } }', 'providers.a/b: found an object, expected another key (no slash, colon or blank)'],
    ['{ "profiles": { "a b": {} } }', 'profiles.a b: found an object, expected another key (letters, digits, dot, dash and underscore)'],
    [
      '{ "providers": { "openai": { "headers": { "x team": "a" } } } }',
      'providers.openai.headers.x team: found a value that is kept secret, expected another key (letters, digits and dashes)',
    ],
    [
      '{ "providers": { "openai": { "headers": { "x-team": "a\\nb" } } } }',
      'providers.openai.headers.x-team: found a value that is kept secret, expected one line of Latin-1',
    ],
    ['{ "profiles": { "x": { "budget": "five a day" } } }', 'profiles.x.budget: found "five a day", expected a budget such as \'5/day\''],
    ['[]', 'the whole file: found a list of 0, expected an object'],
    ['{ "providers": 5 }', 'providers: found 5, expected an object'],
    ['{ "rules": "x" }', 'rules: found "x", expected a list'],
    ['{ "models": [] }', 'models: found a list of 0, expected a list of at least 1'],
    ['{ "models": ["a/b", "a/b"] }', 'models[1]: found "a/b", expected each model once'],
    ['{ "models": ["a/b", { "id": "a/b" }] }', 'models[1].id: found "a/b", expected each model once'],
    ['{ "sandbox": 5 }', 'sandbox: found 5, expected a boolean or "when-no-keys" or an object'],
    ['{ "sandbox": { "speed": "x" } }', 'sandbox.speed: found "x", expected a number'],
    ['{ "server": { "host": "" } }', 'server.host: found "", expected text that is not empty'],
    ['{ "server": { "key": "env:" } }', 'server.key: found a value that is kept secret, expected the name of a variable after env:'],
    ['{ "rules": [{ "when": { "hours": "9" }, "use": "a/b" }] }', 'rules[0].when.hours: found "9", expected hours such as \'9-17\''],
    ['{ "rules": [{ "when": { "prompt": "/(/i" }, "use": "a/b" }] }', 'rules[0].when.prompt: found "/(/i", expected a JavaScript'],
    ['{ "budgets": [{ "scope": "all", "limit": 5 }] }', "budgets[0].scope: found \"all\", expected 'total', 'session', 'profile:NAME' or"],
    ['{ "classifier": { "neverLearnFrom": ["x"] } }', 'classifier.neverLearnFrom[0]: found "x", expected \'tag:NAME\''],
    ['{ "default": "nope" }', "default: found 'nope', expected a profile"],
    ['{ "rules": [{ "when": {}, "use": "profile:zz" }] }', "rules[0].use: found 'zz', expected a profile"],
    [
      '{ "profiles": { "p": { "experiment": { "name": "e", "arms": [{ "profile": "zz", "share": 1 }] } } } }',
      "profiles.p.experiment.arms[0].profile: found 'zz', expected a profile",
    ],
    ['{ "profiles": { "p": { "extends": "p" } } }', 'profiles.p.extends: found a circle (p → p), expected'],
    ['{ "profiles": { "p": { "extends": "q" }, "q": { "extends": "p" } } }', 'profiles.p.extends: found a circle (p → q → p), expected'],
  ])('names path, found and expected: %s', async (text, words) => {
    const error = await complaint(text)
    expect(error).toMatchObject({ code: 'E_CONFIG', status: 500 })
    expect(error.message).toContain(words)
    expect(error.message).toContain('router.config.json')
  })

  it('suggests the key that was meant', async () => {
    expect(await complaint('{ "profile": {} }')).toMatchObject({ param: 'profile', hint: "Did you mean 'profiles'?" })
    expect(await complaint('{ "server": { "prot": 1 } }')).toMatchObject({
      message: expect.stringContaining('server.prot: found an unknown key, expected one of port, host, key, allowedHosts, maxBody, drain'),
      hint: "Did you mean 'port'?",
    })
    expect(await complaint('{ "models": [{ "id": "a/b", "quality": { "cod": 1 } }] }')).toMatchObject({ hint: "Did you mean 'code'?" })
    expect(await complaint('{ "classifier": { "embeddings": { "model": "a/b", "examples": "own.jsonl" } } }')).toMatchObject({
      param: 'classifier.embeddings.examples',
      hint: 'It belongs one level up: classifier.examples.',
    })
    expect((await complaint('{ "profiles": { "p": { "extends": "qualty" } } }')).hint).toMatch(
      /^Did you mean 'quality'\? Profiles are economy, /,
    )
  })

  it('names every problem at once', async () => {
    const { message } = await complaint('{ "server": { "port": -1 }, "default": 3 }')
    expect(message).toContain('server.port: found -1, expected at least 0')
    expect(message).toContain('(and 1 more: default: found 3, expected a string)')
  })

  it('never shows a credential', async () => {
    const { message } = await complaint('{ "providers": { "openai": { "apiKey": { "command": "sk-secret-1" } } } }')
    expect(message).not.toContain('sk-secret-1')
  })
})

describe('values', () => {
  it('are read in the units that people write', async () => {
    write(
      'router.config.json',
      '{ "ledger": { "keep": "30d", "maxSize": "500MB" }, "profiles": { "x": { "budget": "5/day", "timeouts": { "idle": 90 } } }, "budgets": [{ "scope": "total", "limit": 20 }] }',
    )
    const { config } = await load()
    expect(config.ledger).toMatchObject({ keep: 30 * 86_400_000, maxSize: 5e8, bodies: 'all' })
    expect(config.profiles.x).toMatchObject({ budget: { usd: 5, per: 'day' }, timeouts: { idle: 90 } })
    expect(config.budgets).toEqual([{ scope: 'total', limit: { usd: 20, per: 'total' }, action: 'clamp' }])
  })

  it('left undefined in a script count as not given', async () => {
    write('router.config.ts', 'export default { server: { key: process.env.LLMROUTE_NO_SUCH_VARIABLE }, baseline: undefined }')
    const { config } = await load()
    expect(config.server).not.toHaveProperty('key')
  })

  it('of the documented example are accepted as they stand', () => {
    const example = defineConfig({
      server: { port: 4141 },
      providers: {
        openai: {},
        anthropic: {},
        google: {},
        ollama: { baseURL: 'http://127.0.0.1:11434/v1' },
        lab: { wire: 'anthropic-messages', baseURL: 'http://127.0.0.1:9100', apiKey: 'env:LAB_KEY', headers: {} },
      },
      models: [
        'openai/gpt-5-mini',
        'anthropic/claude-sonnet-4.5',
        { id: 'ollama/qwen3:8b', price: { input: 0, output: 0 } },
        {
          id: 'lab/m1',
          name: 'name-sent-upstream',
          price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
          contextWindow: 200000,
          quality: 0.8,
        },
      ],
      baseline: 'anthropic/claude-opus-4.5',
      default: 'balanced',
      profiles: {
        support: { weights: { cost: 0.55, quality: 0.25, latency: 0.2 } },
        code: { strategy: 'cheapest', minQuality: 0.8, rules: [{ when: { tools: { gt: 5 } }, use: 'anthropic/claude-sonnet-4.5' }] },
      },
    })
    write('router.config.json', JSON.stringify(example))
    return expect(load()).resolves.toMatchObject({ config: { default: 'balanced', baseline: 'anthropic/claude-opus-4.5' } })
  })
})
