import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { isPortFree } from '../../src/cli/doctor/doctor.js'
import { loadConfig, resolvePool, systemPorts } from '../../src/config/index.js'
import { Fault } from '../../src/kit/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { clientNamed, connectClient, examine, type Finding, type Patient } from '../../src/setup/index.js'
import { newPlace } from '../cli/run-cli.js'
import { runDaemon } from '../server/run-daemon.js'
import { type TestMachine, testMachine } from './machine.js'

const NOW = Date.parse('2026-11-20T10:00:00Z')
const KEY = `sk-proj-${'a1b2'.repeat(10)}`
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A patient in good health, with what the test says otherwise. */
async function patientOf(machine: TestMachine, config: Readonly<Record<string, unknown>>, more: Partial<Patient> = {}): Promise<Patient> {
  const loaded = await loadConfig({ cwd: machine.cwd, env: machine.env, overrides: config })
  const pool = await resolvePool(loaded, machine.env, { ...systemPorts, listModels: async () => null }).catch(
    (error: unknown) => error as Fault,
  )
  return {
    machine,
    nodeVersion: 'v20.20.2',
    version: '0.1.0',
    configFolder: machine.configFolder,
    loaded,
    pool,
    doubts: [],
    ledger: join(machine.home, 'ledger.db'),
    daemon: null,
    ...more,
    ports: {
      nowMs: () => NOW,
      reach: async () => ({ status: 404, dateMs: NOW }),
      freeBytes: async () => 50e9,
      isPortFree: async () => true,
      tryModel: null,
      ...more.ports,
    },
  }
}

async function examined(patient: Patient): Promise<readonly Finding[]> {
  const all: Finding[] = []
  for await (const findings of examine(patient)) all.push(...findings)
  return all
}

const openai = { providers: { openai: {} }, models: ['openai/gpt-5-mini'] }
const unreachable = async (): Promise<never> => {
  throw new Fault('E_UPSTREAM', 'nothing answers at it')
}
const portsOf = async (machine: TestMachine): Promise<Patient['ports']> => (await patientOf(machine, { sandbox: true })).ports

describe('a machine in good health', () => {
  it('has no warning and no error', async () => {
    const machine = testMachine({ OPENAI_API_KEY: KEY })
    const findings = await examined(await patientOf(machine, openai))
    expect(findings.filter(({ severity }) => severity === 'warning' || severity === 'error')).toEqual([])
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set(['node', 'configuration', 'keys', 'daemon', 'network', 'clock', 'disk', 'ledger', 'prices']),
    )
    expect(JSON.stringify(findings)).not.toContain(KEY)
  })
})

describe('what is found, and how to fix it', () => {
  const wrongKey = 'llmroute'
  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>, Partial<Patient>, Partial<Finding>]>([
    ['an old Node', {}, { sandbox: true }, { nodeVersion: 'v18.19.0' }, { check: 'node', severity: 'error' }],
    [
      'a Node that the SQLite binding is not safe with',
      {},
      { sandbox: true },
      { nodeVersion: 'v24.21.0' },
      { check: 'node', severity: 'warning' },
    ],
    ['a stand-in for a key', { OPENAI_API_KEY: wrongKey }, openai, {}, { check: 'keys', severity: 'error' }],
    ['a key of another provider', { OPENAI_API_KEY: `sk-ant-${'x1'.repeat(20)}` }, openai, {}, { check: 'keys', severity: 'warning' }],
    [
      'missing keys',
      { OPENAI_API_KEY: KEY },
      { ...openai, models: ['openai/gpt-5', 'anthropic/claude-opus-4-5'] },
      {},
      { check: 'keys', severity: 'warning' },
    ],
  ])('%s', async (_name, env, config, more, wanted) => {
    const findings = await examined(await patientOf(testMachine(env), config, more))
    expect(findings).toContainEqual(expect.objectContaining({ ...wanted, fix: expect.any(String) }))
    for (const value of Object.values(env)) if (value !== wrongKey) expect(JSON.stringify(findings)).not.toContain(value)
  })

  it('a configuration without a usable provider', async () => {
    const machine = testMachine()
    machine.put('project/router.config.json', JSON.stringify(openai))
    expect(await examined(await patientOf(machine, {}))).toContainEqual(
      expect.objectContaining({ check: 'configuration', severity: 'error', text: expect.stringContaining('OPENAI_API_KEY') }),
    )
  })

  it('an invalid configuration, without breaking off', async () => {
    const fault = new Fault('E_CONFIG', 'router.config.ts: models found 7', { hint: 'expected a list' })
    const findings = await examined(await patientOf(testMachine(), { sandbox: true }, { loaded: fault, pool: fault, ledger: null }))
    expect(findings).toContainEqual({ check: 'configuration', severity: 'error', text: fault.message, fix: 'expected a list' })
  })

  it('a provider out of reach', async () => {
    const machine = testMachine({ OPENAI_API_KEY: KEY })
    const ports = { ...(await portsOf(machine)), reach: unreachable }
    expect(await examined(await patientOf(machine, openai, { ports }))).toContainEqual(
      expect.objectContaining({ check: 'network', severity: 'error', text: 'openai: nothing answers at it.' }),
    )
  })

  it('a clock that is wrong', async () => {
    const machine = testMachine({ OPENAI_API_KEY: KEY })
    const ports = { ...(await portsOf(machine)), reach: async () => ({ status: 200, dateMs: NOW - 10 * 60_000 }) }
    expect(await examined(await patientOf(machine, openai, { ports }))).toContainEqual(
      expect.objectContaining({ check: 'clock', severity: 'warning', text: expect.stringContaining('10 min ahead') }),
    )
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a folder in which no ledger can be made', async () => {
    const machine = testMachine()
    const sealed = join(machine.home, 'sealed')
    mkdirSync(sealed, { mode: 0o500 })
    const findings = await examined(await patientOf(machine, { sandbox: true }, { ledger: join(sealed, 'new/ledger.db') }))
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'disk', severity: 'error', text: `${sealed} cannot be written: calls will go unrecorded.` }),
    )
  })

  it.each([
    [50e6, 'error', /Only 50 MB/],
    [500e6, 'warning', /may grow to 2 GB\./],
  ])('a disk with %d bytes left', async (bytes, severity, text) => {
    const machine = testMachine()
    const ports = { ...(await portsOf(machine)), freeBytes: async () => bytes }
    expect(await examined(await patientOf(machine, { sandbox: true }, { ports }))).toContainEqual(
      expect.objectContaining({ check: 'disk', severity, text: expect.stringMatching(text) }),
    )
  })

  it('prices that have grown old', async () => {
    const machine = testMachine()
    const ports = { ...(await portsOf(machine)), nowMs: () => Date.parse('2027-08-01') }
    expect(await examined(await patientOf(machine, { sandbox: true }, { ports }))).toContainEqual(
      expect.objectContaining({ check: 'prices', severity: 'warning' }),
    )
  })

  it('a ledger that is sound, of a newer version, or no ledger at all', async () => {
    const machine = testMachine()
    const path = join(machine.home, 'ledger.db')
    await (await openLedger(path)).close()
    const look = async (): Promise<Finding | undefined> =>
      (await examined(await patientOf(machine, { sandbox: true }))).find(({ check }) => check === 'ledger')
    expect(await look()).toMatchObject({ severity: 'ok', text: expect.stringContaining('sound') })
    chmodSync(path, 0o644)
    expect(await examined(await patientOf(machine, { sandbox: true }))).toContainEqual(
      expect.objectContaining({ check: 'ledger', severity: 'warning', fix: `chmod 600 ${path}` }),
    )
    const { default: Database } = await import('better-sqlite3')
    const db = new Database(path)
    db.pragma('user_version = 999')
    db.close()
    expect(await look()).toMatchObject({ severity: 'error', text: expect.stringContaining('999') })
    writeFileSync(path, 'not a database at all, but long enough to be looked at'.repeat(40))
    expect(await look()).toMatchObject({ severity: 'error' })
  })

  it('a port that is taken', async () => {
    const server = createTcpServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    undo.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.address() as AddressInfo
    expect(await isPortFree('127.0.0.1', port)).toBe(false)
    const machine = testMachine()
    const ports = { ...(await portsOf(machine)), isPortFree, reach: unreachable }
    expect(await examined(await patientOf(machine, { sandbox: true, server: { port } }, { ports }))).toContainEqual(
      expect.objectContaining({ check: 'daemon', severity: 'error', text: `Port ${port} is held by another program.` }),
    )
  })

  it('the cheapest model of each provider, tried', async () => {
    const machine = testMachine({ OPENAI_API_KEY: KEY })
    const tried: string[] = []
    const tryModel = async (id: string) => {
      tried.push(id)
      return { ok: false as const, error: 'the key is refused' }
    }
    const config = {
      models: ['openai/gpt-5', 'openai/gpt-5-nano', { id: 'lab/x', price: { input: 1, output: 1 } }],
      providers: { lab: { baseURL: 'http://127.0.0.1:9/v1' } },
    }
    const findings = await examined(await patientOf(machine, config, { ports: { ...(await portsOf(machine)), tryModel } }))
    expect(tried).toEqual(['openai/gpt-5-nano', 'lab/x'])
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'live', severity: 'error', text: 'openai/gpt-5-nano: the key is refused' }),
    )
  })
})

describe('clients', () => {
  const url = 'http://127.0.0.1:4141'
  const target = { url, key: 'llmroute', keyNeeded: false, profile: null, at: '2026-11-20T10:00:00.000Z' }
  const codexAt = async (reach: Patient['ports']['reach'], change: (machine: TestMachine) => void = () => {}, env = {}) => {
    const machine = testMachine(env)
    connectClient(clientNamed('codex'), target, { machine, configFolder: machine.configFolder }).write()
    change(machine)
    const findings = await examined(await patientOf(machine, { sandbox: true }, { ports: { ...(await portsOf(machine)), reach } }))
    return findings.filter(({ check }) => check === 'clients')
  }

  it('that point at a dead port are broken', async () => {
    expect(await codexAt(unreachable)).toEqual([
      expect.objectContaining({
        severity: 'error',
        text: `Codex points at ${url}, where nobody answers.`,
        fix: expect.stringContaining('serve'),
      }),
    ])
  })

  it('that were pointed elsewhere since are named', async () => {
    const change = (machine: TestMachine): void => void machine.put('.codex/config.toml', 'model = "gpt-5"\n')
    expect(await codexAt(unreachable, change)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        text: expect.stringContaining('name no address now'),
        fix: expect.stringContaining('--undo --keep'),
      }),
    ])
  })

  it('that nobody connected are a remark, whatever they point at', async () => {
    const machine = testMachine()
    mkdirSync(join(machine.home, '.codex'))
    machine.put('.claude/settings.json', '{"env":{"ANTHROPIC_BASE_URL":"https://gateway.example/v1"}}')
    machine.put('.config/zed/settings.json', '{ broken')
    expect((await examined(await patientOf(machine, { sandbox: true }))).filter(({ check }) => check === 'clients')).toEqual([
      expect.objectContaining({ severity: 'note', text: 'Claude Code points at https://gateway.example, not at this proxy.' }),
      expect.objectContaining({ severity: 'note', text: 'Codex is not connected.' }),
      expect.objectContaining({ severity: 'warning', text: expect.stringContaining('Zed: line 1') }),
    ])
  })

  it('and variables of the shell that name a dead address', async () => {
    const findings = await codexAt(unreachable, () => {}, {
      OPENAI_BASE_URL: 'http://localhost:9/v1',
      ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
    })
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'error', text: 'OPENAI_BASE_URL names http://localhost:9, where nobody answers.' }),
    )
    expect(findings).toHaveLength(2)
  })

  it('that point at the running daemon are right', async () => {
    const daemon = await runDaemon({ sandbox: true })
    undo.push(() => daemon.end())
    const machine = testMachine()
    connectClient(clientNamed('codex'), { ...target, url: daemon.url }, { machine, configFolder: machine.configFolder }).write()
    const { findDaemon } = await import('../../src/control/index.js')
    const found = await findDaemon(join(daemon.folder, 'ledger.db'))
    const findings = await examined(await patientOf(machine, { sandbox: true }, { daemon: found, version: found?.status.version ?? '' }))
    expect(findings).toContainEqual({ check: 'clients', severity: 'ok', text: `Codex points at ${daemon.url}`, fix: null })
    expect(findings).toContainEqual(expect.objectContaining({ check: 'daemon', severity: 'ok' }))
    expect(findings.filter(({ check }) => check === 'daemon')).toHaveLength(1)
    const here = join(machine.cwd, 'router.config.json')
    writeFileSync(here, JSON.stringify({ sandbox: true }))
    const elsewhere = await examined(await patientOf(machine, {}, { daemon: found, version: found?.status.version ?? '' }))
    expect(elsewhere).toContainEqual(
      expect.objectContaining({ check: 'daemon', severity: 'warning', text: `It uses no configuration file, not ${here}.` }),
    )
  })
})

describe('llmroute doctor', () => {
  it('says that all is well, and prints one document with --json', async () => {
    const place = newPlace()
    undo.push(() => place.remove())
    writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true, server: { port: 0 } }))
    const env = { HOME: place.folder, PATH: '' }
    const { code, out, err } = await place.cli(['doctor', '--live'], { env })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/✓ live +sandbox\/\w+ answered in \d+ ms \(simulated\)[\s\S]*All is well\.\n$/)
    expect(JSON.parse((await place.cli(['doctor', '--json'], { env })).out)).toMatchObject({ ok: true })
  })

  it('ends with 1 when something is broken, through a real refusal', async () => {
    const provider = createServer((_req, res) =>
      res.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no such key"}}'),
    )
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    undo.push(() => new Promise((resolve) => provider.close(resolve)))
    const { port } = provider.address() as AddressInfo
    const place = newPlace()
    undo.push(() => place.remove())
    writeFileSync(
      join(place.folder, 'router.config.json'),
      JSON.stringify({
        server: { port: 0 },
        providers: { lab: { baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'env:LAB_KEY' } },
        models: [{ id: 'lab/m', price: { input: 1, output: 2 } }],
      }),
    )
    const env = { HOME: place.folder, PATH: '', LAB_KEY: 'k'.repeat(20) }
    const { code, out, err } = await place.cli(['doctor', '--live'], { env })
    expect(code).toBe(1)
    expect(out).toMatch(/✓ network +lab: 127\.0\.0\.1:\d+ answers[\s\S]*✗ live +lab\/m: .*no such key/)
    expect(out).not.toContain('kkkk')
    expect(err).toBe('llmroute: One thing is broken. The findings above say how to fix each.\n')
  })
})
