import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { migrations } from '../../src/ledger/database/migrations/index.js'
import { loadNative } from '../../src/ledger/database/native.js'
import { openDatabase } from '../../src/ledger/database/open-database.js'
import { openLedger } from '../../src/ledger/index.js'
import { sampleOpen, sampleSettle, scratchFolder, scratchLedger } from './sample.js'

const mode = (path: string) => statSync(path).mode & 0o777

it.skipIf(process.platform === 'win32')('keeps its files to their owner', async () => {
  const ledger = await scratchLedger()
  await ledger.open(sampleOpen())
  expect(mode(dirname(ledger.path))).toBe(0o700)
  for (const suffix of ['', '-wal', '-shm']) expect(mode(ledger.path + suffix)).toBe(0o600)
  await ledger.close()
  chmodSync(ledger.path, 0o644)
  await scratchLedger({ path: ledger.path })
  expect(mode(ledger.path)).toBe(0o600)
})

it('refuses a ledger of a newer version and says what to do', async () => {
  const { path, close } = await scratchLedger()
  await close()
  const db = new Database(path)
  db.pragma(`user_version = ${migrations.length + 1}`)
  db.close()
  await expect(openLedger(path)).rejects.toMatchObject({
    code: 'E_LEDGER',
    message: expect.stringContaining('schema'),
    hint: expect.stringContaining('Update llmroute'),
  })
})

it('refuses a database that is not a ledger, and leaves it as it is', async () => {
  const path = join(scratchFolder(), 'other.db')
  const db = new Database(path)
  db.exec('CREATE TABLE notes(text)')
  db.close()
  const before = statSync(path).size
  await expect(openLedger(path)).rejects.toMatchObject({ code: 'E_LEDGER', message: expect.stringContaining('another program') })
  expect(statSync(path).size).toBe(before)
})

it('says that a file is damaged', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  writeFileSync(path, 'not a database '.repeat(1000))
  await expect(openLedger(path)).rejects.toMatchObject({
    code: 'E_LEDGER',
    message: expect.stringContaining('damaged'),
    hint: expect.stringContaining('recover'),
  })
})

it('reads without writing: no ledger yet, one in use, one left behind', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  await expect(openLedger(path, { readonly: true })).rejects.toMatchObject({ code: 'E_EMPTY' })
  const writer = await scratchLedger({ path })
  const call = sampleOpen()
  await writer.open(call)
  const reader = await scratchLedger({ path, readonly: true })
  expect(reader.listCalls({}).map((c) => c.status)).toEqual(['running'])
  await writer.settle(sampleSettle(call.id))
  expect(reader.listCalls({}).map((c) => c.status)).toEqual(['ok'])
  expect(reader.keyed('a')).toBe(writer.keyed('a'))
  await expect(reader.open(sampleOpen())).rejects.toMatchObject({ code: 'E_LEDGER', message: expect.stringContaining('cannot be written') })
})

it('backs the ledger up before an upgrade, once, and carries its calls over', async () => {
  const ledger = await scratchLedger()
  const call = sampleOpen()
  await ledger.open(call)
  await ledger.close()
  const native = await loadNative()
  const upgraded = [...migrations, 'ALTER TABLE call ADD COLUMN mood TEXT']
  for (let i = 0; i < 2; i++) (await openDatabase(native, ledger.path, { readonly: false, busyMs: 20, migrations: upgraded })).close()
  const db = await openDatabase(native, ledger.path, { readonly: true, busyMs: 20, migrations: upgraded })
  expect(db.prepare('SELECT id, mood FROM call').all()).toEqual([{ id: call.id, mood: null }])
  db.close()
  const copies = readdirSync(dirname(ledger.path)).filter((file) => file.endsWith('.bak'))
  expect(copies).toEqual([`ledger.db.schema-${migrations.length}.bak`])
  const old = join(scratchFolder(), 'old.db')
  copyFileSync(join(dirname(ledger.path), copies[0] ?? ''), old)
  expect((await scratchLedger({ path: old })).getCall(call.id)?.call.status).toBe('running')
})

it('a failed upgrade changes nothing', async () => {
  const { path, close } = await scratchLedger()
  await close()
  const native = await loadNative()
  const broken = [...migrations, 'CREATE TABLE extra(x); CREATE TABLE extra(x)']
  await expect(openDatabase(native, path, { readonly: false, busyMs: 20, migrations: broken })).rejects.toThrow()
  const db = new Database(path)
  expect(db.pragma('user_version', { simple: true })).toBe(migrations.length)
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").get()).toBeUndefined()
  db.close()
})

it('two processes may make the same ledger at once', async () => {
  const path = join(scratchFolder(), 'deep', 'er', 'ledger.db')
  mkdirSync(dirname(dirname(path)), { recursive: true })
  const ledgers = await Promise.all([1, 2, 3].map(() => scratchLedger({ path, busyMs: 1000 })))
  await Promise.all(ledgers.map((ledger) => ledger.open(sampleOpen())))
  expect(ledgers[0]?.counts().running).toBe(3)
})
