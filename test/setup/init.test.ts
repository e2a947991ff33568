import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPrices } from '../../src/catalog/index.js'
import { loadConfig, resolvePool, systemPorts } from '../../src/config/index.js'
import {
  type Choices,
  interview,
  keepKeys,
  type Option,
  propose,
  type Questions,
  renderConfig,
  scanMachine,
} from '../../src/setup/index.js'
import { newPlace, type Place, type Ran } from '../cli/run-cli.js'
import { type TestMachine, testMachine } from './machine.js'

const DAY = '2026-11-20'
const OPENAI = `sk-proj-${'a1b2'.repeat(10)}`
const CLAUDE = `sk-ant-api03-${'c3d4'.repeat(10)}`
const nobody = async (): Promise<null> => null

const scan = (machine: TestMachine, listModels: (url: string) => Promise<readonly string[] | null> = nobody) =>
  scanMachine({ machine, configFolder: machine.configFolder, listModels })

/** Writes the file and loads it as every command does. */
async function loaded(machine: TestMachine, choices: Choices, listModels = nobody as Parameters<typeof scan>[1]) {
  const text = renderConfig(propose(await scan(machine, listModels), choices, await openPrices(DAY)), DAY)
  writeFileSync(join(machine.cwd, 'router.config.ts'), text)
  const config = await loadConfig({ cwd: machine.cwd, env: machine.env })
  const pool = await resolvePool(config, machine.env, { ...systemPorts, listModels: listModels ?? nobody })
  return { text, config: config.config, pool, path: config.path }
}

describe('what init finds', () => {
  it('keys of the environment and of keys.env, stand-ins left out', async () => {
    const machine = testMachine({ OPENAI_API_KEY: OPENAI, ANTHROPIC_API_KEY: 'llmroute', GROQ_API_KEY: '' })
    keepKeys(machine.configFolder, { GEMINI_API_KEY: `AIza${'e'.repeat(35)}` })
    const { keys } = await scan(machine)
    expect(keys.map(({ variable, kept }) => [variable, kept])).toEqual([
      ['OPENAI_API_KEY', false],
      ['GEMINI_API_KEY', true],
    ])
  })

  it('local servers and installed agents', async () => {
    const machine = testMachine()
    machine.put('.codex/config.toml', '')
    machine.put('.gemini/settings.json', '{}')
    const { servers, agents } = await scan(machine, async (url) => (url.includes('11434') ? ['qwen3:8b'] : null))
    expect(servers.map(({ provider, models }) => [provider.id, models])).toEqual([['ollama', ['qwen3:8b']]])
    expect(agents.map(({ client }) => client.id)).toEqual(['codex', 'gemini-cli'])
  })
})

describe('what init writes', () => {
  it('loads back with its pool, baseline and aliases, in a folder where llmroute is not installed', async () => {
    const machine = testMachine({ OPENAI_API_KEY: OPENAI, ANTHROPIC_API_KEY: CLAUDE })
    machine.put('.gemini/settings.json', '{}')
    const { config, pool, path, text } = await loaded(machine, { profile: 'code' })
    expect(path).toBe(join(machine.cwd, 'router.config.ts'))
    expect(Object.keys(config.providers ?? {})).toEqual(['openai', 'anthropic'])
    expect(pool.sandbox).toBe(false)
    expect(pool.models.map(({ id }) => id)).toContain('anthropic/claude-opus-5-5')
    expect(pool.models.map(({ id }) => id)).toContain(config.baseline)
    expect(config).toMatchObject({ default: 'code', aliases: { 'gemini-2.5-flash': 'auto' } })
    expect(text).toMatch(/'openai\/gpt-6-luna', +\/\/ \$[\d.]+ in, \$[\d.]+ out, [\d.]+[kM] context/)
    expect(text).not.toContain(OPENAI)
  })

  it('takes the models, baseline and providers it is told', async () => {
    const machine = testMachine({ OPENAI_API_KEY: OPENAI })
    const { config } = await loaded(machine, { models: ['openai/gpt-5-mini'], baseline: 'openai/gpt-5' })
    expect(config).toMatchObject({ providers: { openai: {} }, models: ['openai/gpt-5-mini'], baseline: 'openai/gpt-5' })
  })

  it('names the models of a local server', async () => {
    const machine = testMachine()
    const { pool } = await loaded(machine, {}, async (url) => (url.includes('1234') ? ['qwen/qwen3-8b', 'nomic-embed-text'] : null))
    expect(pool.models.map(({ id, kind }) => [id, kind])).toEqual([
      ['lmstudio/qwen/qwen3-8b', 'chat'],
      ['lmstudio/nomic-embed-text', 'embedding'],
    ])
  })

  it('gives simulated models until there is a key', async () => {
    const { pool, text } = await loaded(testMachine(), {})
    expect(pool.sandbox).toBe(true)
    expect(text).toMatch(/No key was found/)
  })

  it('is valid with its comments taken as settings', async () => {
    const machine = testMachine({ OPENAI_API_KEY: OPENAI })
    const text = renderConfig(propose(await scan(machine), {}, null), DAY).replace(
      /^ {2}\/\/ (?=profiles|budgets|ledger|aliases| {2,}|\})/gm,
      '  ',
    )
    writeFileSync(join(machine.cwd, 'router.config.ts'), text)
    const { config } = await loadConfig({ cwd: machine.cwd, env: machine.env })
    expect(Object.keys(config.profiles)).toEqual(['tests', 'big'])
    expect(config.budgets).toHaveLength(1)
  })

  it.each<[Choices, RegExp]>([
    [{ providers: ['opena'] }, /'opena' is no known provider/],
    [{ models: ['gpt-5'] }, /'gpt-5' is no model/],
    [{ profile: 'cheap' }, /'cheap' is no ready-made profile/],
    [{ baseline: 'x/y' }, /'x' is no known provider/],
  ])('refuses %j', async (choices, message) => {
    const found = await scan(testMachine())
    expect(() => propose(found, choices, null)).toThrow(message)
  })
})

describe('keys.env', () => {
  it('is for its owner alone, keeps what is there, and is read as it was meant', async () => {
    const machine = testMachine()
    const path = keepKeys(machine.configFolder, { OPENAI_API_KEY: OPENAI, ODD: 'a #b ' })
    writeFileSync(path, `# mine\nOTHER=1 # one\nQUOTED="a #b" # two\nEMPTY= # none\n${readFileSync(path, 'utf8')}`)
    keepKeys(machine.configFolder, { OPENAI_API_KEY: CLAUDE })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(machine.configFolder).mode & 0o777).toBe(0o700)
    expect(readFileSync(path, 'utf8')).toMatch(/^# mine\nOTHER=1 # one\n/)
    const { withKeysFile } = await import('../../src/config/index.js')
    expect(withKeysFile({}, machine.configFolder)).toEqual({
      env: { OTHER: '1', QUOTED: 'a #b', EMPTY: '', OPENAI_API_KEY: CLAUDE, ODD: 'a #b ' },
      warning: null,
    })
  })
})

/** Answers by the first words of a question; everything else as proposed. */
function scripted(answers: Readonly<Record<string, string | readonly string[] | boolean>>): Questions & { readonly asked: string[] } {
  const asked: string[] = []
  const answer = <T>(question: string, proposed: T): Promise<T> => {
    asked.push(question)
    const key = Object.keys(answers).find((start) => question.startsWith(start))
    return Promise.resolve(key === undefined ? proposed : (answers[key] as T))
  }
  return {
    asked,
    choose: (question, _options: readonly Option[], first) => answer(question, first),
    chooseMany: (question, _options, chosen) => answer(question, chosen),
    secret: (question, check) => answer(question, '').then((value) => (check(value) === null ? value : '')),
    confirm: (question, proposed) => answer(question, proposed),
  }
}

describe('the interview', () => {
  it('goes through providers, keys, models, baseline, profile and where keys are kept', async () => {
    const machine = testMachine({ OPENAI_API_KEY: OPENAI })
    const questions = scripted({
      'Whose models': ['openai', 'anthropic'],
      'Key for Anthropic': CLAUDE,
      'Which models': ['openai/gpt-6-luna', 'anthropic/claude-opus-5-5'],
      'How should calls': 'code',
      Keep: true,
    })
    const result = await interview(await scan(machine), {}, { questions, prices: null })
    expect(result.proposal).toMatchObject({ baseline: 'anthropic/claude-opus-5-5', profile: 'code' })
    expect(result.proposal.models.map(({ id }) => id)).toEqual(['openai/gpt-6-luna', 'anthropic/claude-opus-5-5'])
    expect(result.typed).toEqual({ ANTHROPIC_API_KEY: CLAUDE })
    expect(result.keep).toBe(true)
    expect(questions.asked).toHaveLength(6)
  })

  it('does not ask what the command line has said', async () => {
    const questions = scripted({})
    const choices = { models: ['openai/gpt-5'], baseline: 'openai/gpt-5', profile: 'fast', keep: false }
    await interview(await scan(testMachine()), choices, { questions, prices: null })
    expect(questions.asked).toEqual([])
  })
})

describe('llmroute init', () => {
  let place: Place
  let home: string
  beforeEach(() => {
    place = newPlace()
    home = join(place.folder, 'home')
    mkdirSync(join(home, '.codex'), { recursive: true })
  })
  afterEach(() => place.remove())
  const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    place.cli(['init', ...args], { env: { HOME: home, PATH: '', ...env } })

  it('writes a configuration, tries it and says what is next', async () => {
    const { code, out, err } = await cli(['--yes', '--dir', 'new'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /Wrote .*new\/router\.config\.ts[\s\S]*Test request: sandbox\/\w+ \(simulated\) answered[\s\S]*llmroute connect codex --write/,
    )
    expect((await place.cli(['config', 'check', '--config', join(place.folder, 'new/router.config.ts')])).code).toBe(0)
  })

  it('replaces nothing unless told to, and then keeps the old one', async () => {
    writeFileSync(join(place.folder, 'router.config.json'), '{"default":"fast"}')
    const refused = await cli(['--yes'])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toMatch(/router\.config\.json is there already\. Give --force/)
    expect((await cli(['--yes', '--force', '--no-test'])).code).toBe(0)
    expect(readdirSync(place.folder).filter((name) => name.startsWith('router'))).toEqual(['router.config.json.bak', 'router.config.ts'])
  })

  it('names the keys that the chosen providers still lack', async () => {
    const args = ['--yes', '--no-test', '--force', '--providers', 'openai,anthropic,ollama']
    const { code, err } = await cli(args, { OPENAI_API_KEY: OPENAI })
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Not set yet: ANTHROPIC_API_KEY. The models that need one are left out until it is.\n',
    })
    expect(JSON.parse((await cli([...args, '--json'])).out)).toMatchObject({ missingKeys: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] })
  })

  it('keeps keys for services when asked, and shows none', async () => {
    const { out } = await cli(['--yes', '--write-keys', '--no-test', '--json'], { OPENAI_API_KEY: OPENAI })
    const result = JSON.parse(out) as { keysFile: string; found: unknown }
    expect(result.found).toMatchObject({ keys: ['OPENAI_API_KEY'], agents: ['codex'] })
    expect(readFileSync(result.keysFile, 'utf8')).toContain(OPENAI)
    expect(out).not.toContain(OPENAI)
  })
})
