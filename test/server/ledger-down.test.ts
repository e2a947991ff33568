import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import { readDaemonFile } from '../../src/control/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { type Daemon, startDaemon } from '../../src/server/index.js'

let folder: string
let daemon: Daemon | null = null
const errors: unknown[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-down-'))
  errors.length = 0
})
afterEach(async () => {
  await daemon?.stop()
  daemon = null
  rmSync(folder, { recursive: true, force: true })
})

async function start(db: string): Promise<Daemon> {
  const env = { HOME: folder, XDG_CONFIG_HOME: folder }
  const again = () => loadConfig({ cwd: folder, env, overrides: { sandbox: true } })
  daemon = await startDaemon(await again(), { db, env, appVersion: '0', host: '127.0.0.1', port: 0, again, onError: (e) => errors.push(e) })
  return daemon
}

async function ask(): Promise<string | null> {
  const response = await fetch(`${daemon?.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'sandbox/tiny', messages: [{ role: 'user', content: 'hi' }] }),
  })
  expect(response.status).toBe(200)
  await response.text()
  return response.headers.get('x-llmroute-call')
}

async function health(): Promise<{ status: string; ledger: { kind: string; waiting?: number } }> {
  return (await (await fetch(`${daemon?.url}/health`)).json()) as { status: string; ledger: { kind: string } }
}

it('serves on while the ledger cannot be opened, and says so', async () => {
  const db = join(folder, 'ledger.db')
  mkdirSync(db)
  await start(db)
  await ask()
  expect(await health()).toMatchObject({ status: 'degraded', ledger: { kind: 'spooling' } })
  const { token } = readDaemonFile(db) ?? {}
  const status = await fetch(`${daemon?.url}/api/status`, { headers: { authorization: `Bearer ${token}` } })
  expect(await status.json()).toMatchObject({ ledgerFault: expect.stringMatching(/\d+ records wait in /) })
  expect(await (await fetch(`${daemon?.url}/metrics`)).text()).toMatch(/^llmroute_ledger_waiting [1-9]/m)
  expect(errors.length).toBeGreaterThan(0)
})

it('serves on with a corrupt ledger, without touching it', async () => {
  const db = join(folder, 'ledger.db')
  writeFileSync(db, 'this is not a database, but somebody may want it back '.repeat(100))
  await start(db)
  await ask()
  expect((await health()).status).toBe('degraded')
})

it('brings back what was kept aside once the ledger is there again', async () => {
  const db = join(folder, 'ledger.db')
  mkdirSync(db)
  await start(db)
  const id = await ask()
  rmSync(db, { recursive: true })
  await expect.poll(async () => (await health()).status, { timeout: 20_000 }).toBe('ok')
  const later = await ask()
  await daemon?.stop()
  const ledger = await openLedger(db)
  expect(ledger.getCall(id ?? '')?.call).toMatchObject({ status: 'ok', costNano: expect.any(Number) })
  expect(ledger.getCall(later ?? '')?.call.status).toBe('ok')
  await ledger.close()
})

it('keeps serving while another process holds the ledger, and afterwards every call is there with its end', async () => {
  const db = join(folder, 'ledger.db')
  await start(db)
  const before = await ask()
  const holder = new Database(db)
  holder.exec('BEGIN IMMEDIATE')
  const during = await Promise.all(Array.from({ length: 6 }, ask))
  expect((await health()).ledger.kind).toBe('spooling')
  // Over several attempts to come back, none of which holds anybody up.
  for (const until = Date.now() + 5000; Date.now() < until; ) during.push(await ask())
  holder.exec('ROLLBACK')
  holder.close()
  await expect.poll(async () => (await health()).status, { timeout: 20_000 }).toBe('ok')
  await daemon?.stop()
  const ledger = await openLedger(db)
  const statuses = [before, ...during].map((id) => ledger.getCall(id ?? '')?.call.status)
  expect(new Set(statuses)).toEqual(new Set(['ok']))
  await ledger.close()
})

it.skipIf(process.platform === 'win32')('begins a new ledger, loudly, when its file is taken away while it runs', async () => {
  const db = join(folder, 'ledger.db')
  await start(db)
  await ask()
  for (const file of ['', '-wal', '-shm']) renameSync(db + file, `${db}.aside${file}`)
  await expect.poll(() => errors.map(String).join(), { timeout: 20_000 }).toContain('moved or removed')
  await expect.poll(async () => (await health()).status, { timeout: 20_000 }).toBe('ok')
  const later = await ask()
  await daemon?.stop()
  const ledger = await openLedger(db)
  expect(ledger.getCall(later ?? '')?.call.status).toBe('ok')
  // What its rows refer to is there as well.
  expect([...ledger.policies().values(), ...ledger.modelRevs().values()].every((json) => json !== '')).toBe(true)
  expect(ledger.policies().size).toBeGreaterThan(0)
  await ledger.close()
})

it('serves where not even the file that says where it listens can be written', async () => {
  const db = join(folder, 'ledger.db')
  mkdirSync(`${db}.daemon.json/in-the-way`, { recursive: true })
  await start(db)
  await ask()
  expect(errors.map(String).join()).toContain('will not find this daemon')
})

it('refuses a ledger of a newer version instead of writing beside it', async () => {
  const db = join(folder, 'ledger.db')
  await (await openLedger(db)).close()
  const raw = new Database(db)
  raw.pragma('user_version = 999')
  raw.close()
  await expect(start(db)).rejects.toMatchObject({ code: 'E_LEDGER', message: expect.stringContaining('999') })
})

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('serves on from a folder that cannot be written', async () => {
  const sealed = join(folder, 'sealed')
  mkdirSync(sealed)
  chmodSync(sealed, 0o500)
  await start(join(sealed, 'ledger.db'))
  await ask()
  expect((await health()).status).toBe('degraded')
  chmodSync(sealed, 0o700)
})
