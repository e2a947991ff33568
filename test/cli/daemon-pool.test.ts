import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { packageVersion } from '../../src/cli/version.js'
import { loadConfig } from '../../src/config/index.js'
import { type Daemon, startDaemon } from '../../src/server/index.js'
import { newPlace, type Place } from './run-cli.js'

/** A daemon was started with a configuration from elsewhere; commands here name none. */
describe('what would be done is said of the daemon that would do it', () => {
  let place: Place
  let daemon: Daemon
  beforeAll(async () => {
    place = newPlace()
    mkdirSync(join(place.folder, 'elsewhere'))
    const configPath = join(place.folder, 'elsewhere', 'router.config.json')
    writeFileSync(
      configPath,
      JSON.stringify({
        providers: { lab: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'k' } },
        models: [{ id: 'lab/m1', price: { input: 1, output: 2 }, contextWindow: 10_000, limits: { rpm: 4 } }],
      }),
    )
    const env = { LLMROUTE_CONFIG_DIR: place.folder }
    const again = () => loadConfig({ configPath, cwd: place.folder, env })
    daemon = await startDaemon(await again(), { db: place.db, env, appVersion: '0.0.0-test', host: '127.0.0.1', port: 0, again })
  })
  afterAll(async () => {
    await daemon.stop()
    place.remove()
  })

  it('by models and by a dry run', async () => {
    const { out } = await place.cli(['models', '--json'])
    expect((JSON.parse(out) as { id: string }[]).map(({ id }) => id)).toEqual(['lab/m1'])
    expect((await place.cli(['ask', '--dry-run', 'hi'])).out).toMatch(/^Would ask lab\/m1\. /)
  })

  it('with newer prices, which it takes as well when programs ask for them', async () => {
    const list = join(place.folder, 'list.json')
    writeFileSync(list, JSON.stringify(['openai', 'anthropic', 'google'].map((id) => ({ id, name: id, models: [] }))))
    for (const more of [[], ['--json']]) {
      const { code, err } = await place.cli(['models', '--update', '--from', list, ...more])
      expect({ code, err }).toEqual({ code: 0, err: 'The daemon uses the new prices, too.\n' })
    }
  })

  it('with what is left of its limit', async () => {
    const quotaLeft = async () => (JSON.parse((await place.cli(['models', '--json'])).out) as { quotaLeft: unknown }[])[0]?.quotaLeft
    expect(await quotaLeft()).toBe(1)
    for (let i = 0; i < 4; i++) daemon.runtime.health.enter('lab/m1', Date.now())
    expect(await quotaLeft()).toBe(0)
    expect((await place.cli(['models'], { columns: 200 })).out).toMatch(/ok, 0\.0% of its limit left/)
  })

  it('with a word where a configuration that stands here is not the one used', async () => {
    const here = join(place.folder, 'router.config.json')
    writeFileSync(here, JSON.stringify({ sandbox: true }))
    const { out, err } = await place.cli(['models', '--json'])
    rmSync(here)
    expect((JSON.parse(out) as { id: string }[]).map(({ id }) => id)).toEqual(['lab/m1'])
    expect(err).toMatch(/^This is what the daemon at http:\S+ does, which uses \S+elsewhere\S+, not \S+router\.config\.json\.\n$/)
    expect((await place.cli(['models', '--json'])).err).toBe('')
  })

  it('with the same word by `ask`, and what ends that daemon', async () => {
    const here = join(place.folder, 'router.config.json')
    const ask = () => place.cli(['ask', 'hi'], { env: { LLMROUTE_DB: '' } })
    writeFileSync(here, JSON.stringify({ ledger: { path: place.db }, sandbox: true }))
    const { err } = await ask()
    expect(err).toMatch(
      /^The daemon at http:\S+ answers\. It uses \S+elsewhere\S+, not \S+router\.config\.json: `llmroute stop` ends it\.$/m,
    )
    writeFileSync(here, JSON.stringify({ ledger: { path: place.db } }))
    const started = await place.cli(['init', '--yes', '--no-test', '--dir', "it's new"], { env: { PATH: '', HOME: place.folder } })
    rmSync(here)
    expect(started.out).toContain(`\n  cd '${place.folder}/it'\\''s new'\n  llmroute stop && llmroute serve --detach\n`)
  })

  it('but not where another configuration or the sandbox is asked for', async () => {
    const other = join(place.folder, 'other.json')
    writeFileSync(other, JSON.stringify({ sandbox: true }))
    expect((await place.cli(['models', '--config', other])).out).toContain('sandbox/tiny')
    expect((await place.cli(['ask', '--dry-run', '--sandbox', 'hi'])).out).toMatch(/^Would ask sandbox\//)
  })
})

describe('a daemon with simulated models', () => {
  it.each([true, 'when-no-keys', { speed: 100 }])(
    'is the one meant by a configuration that says so itself: sandbox: %j',
    async (sandbox) => {
      const place = newPlace()
      const configPath = join(place.folder, 'router.config.json')
      writeFileSync(configPath, JSON.stringify({ sandbox }))
      const env = { LLMROUTE_CONFIG_DIR: place.folder }
      const again = () => loadConfig({ configPath, cwd: place.folder, env })
      const daemon = await startDaemon(await again(), {
        db: place.db,
        env,
        appVersion: packageVersion(),
        host: '127.0.0.1',
        port: 0,
        again,
      })
      onTestFinished(async () => {
        await daemon.stop()
        place.remove()
      })
      const here = { LLMROUTE_DB: '', LLMROUTE_CONFIG_DIR: place.folder }
      writeFileSync(configPath, JSON.stringify({ sandbox, ledger: { path: place.db } }))
      const said = async (keys: Record<string, string>) => (await place.cli(['ask', 'hi'], { env: { ...here, ...keys } })).err
      expect(await said({})).toBe('')
      expect((await place.cli(['models', '--json'], { env: here })).err).toBe('')
      // Somebody with a key in this shell is told that the daemon has none.
      expect(await said({ OPENAI_API_KEY: `sk-proj-${'a1b2'.repeat(10)}` })).toMatch(
        sandbox === true ? /^$/ : /It uses simulated models, not /,
      )
    },
  )
})

it('a daemon without a configuration is not described by one that stands here', async () => {
  const place = newPlace()
  const env = { LLMROUTE_CONFIG_DIR: join(place.folder, 'none'), LLMROUTE_CONFIG: '' }
  const again = () => loadConfig({ configPath: null, cwd: place.folder, env })
  const daemon = await startDaemon(await again(), { db: place.db, env, appVersion: packageVersion(), host: '127.0.0.1', port: 0, again })
  onTestFinished(async () => {
    await daemon.stop()
    place.remove()
  })
  writeFileSync(
    join(place.folder, 'router.config.json'),
    JSON.stringify({ providers: { lab: { baseURL: 'http://127.0.0.1:9/v1' } }, models: ['lab/m1'] }),
  )
  const { out, err } = await place.cli(['models', '--json'])
  expect(err).toMatch(/does, which uses no configuration file, not \S+router\.config\.json\.\n$/)
  expect(out).toContain('"sandbox/tiny"')
  expect(out).not.toContain('lab/m1')
})

describe('feedback while a daemon runs', () => {
  it('is learned from at once, and is in the ledger once', async () => {
    const place = newPlace()
    const env = { LLMROUTE_CONFIG_DIR: place.folder }
    const again = () => loadConfig({ cwd: place.folder, env, overrides: { sandbox: true } })
    const daemon = await startDaemon(await again(), { db: place.db, env, appVersion: '0.0.0-test', host: '127.0.0.1', port: 0, again })
    try {
      expect((await place.cli(['ask', 'hi'])).code).toBe(0)
      const before = structuredClone(daemon.runtime.outlook.learned())
      expect((await place.cli(['feedback', 'last', 'bad', '--note', 'rude'])).out).toMatch(/was bad for/)
      expect(daemon.runtime.outlook.learned()).not.toEqual(before)
      const { outcomes } = JSON.parse((await place.cli(['log', 'last', '--json'])).out) as { outcomes: unknown }
      expect(outcomes).toEqual([expect.objectContaining({ kind: 'feedback', value: 0, note: 'rude' })])
    } finally {
      await daemon.stop()
      place.remove()
    }
  })
})
