import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import { type LedgerState, openLedger, openSpoolingLedger, type SpoolingLedger } from '../../src/ledger/index.js'
import { sampleOpen, sampleSettle, scratchFolder } from './sample.js'

let ledger: SpoolingLedger | null = null
afterEach(async () => {
  await ledger?.close()
  ledger = null
})

async function start(path: string, told: LedgerState[] = [], checkMs = 100): Promise<SpoolingLedger> {
  ledger = await openSpoolingLedger({
    ...{ path, open: () => openLedger(path), retryMs: 20, checkMs },
    onState: (state) => told.push(state),
  })
  return ledger
}

async function send(to: SpoolingLedger, calls: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < calls; i++) {
    const call = sampleOpen({ input: Buffer.alloc(2000, i) })
    await to.open(call)
    await to.settle(sampleSettle(call.id))
    ids.push(call.id)
  }
  return ids
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !what() && Date.now() < end; ) await sleep(10)
  expect(what()).toBe(true)
}

/** Everything in the file, as a copy that has it all, so that pages of it can be broken. */
async function carriedOver(path: string): Promise<void> {
  const db = new Database(path)
  db.pragma('wal_checkpoint(PASSIVE)')
  db.close()
}

/** Breaks the pages in the middle of the table whose rows calls add to. */
function breakPages(path: string): void {
  const db = new Database(path, { readonly: true })
  const pages = db.prepare("SELECT pageno FROM dbstat WHERE name = 'decision' AND pagetype = 'leaf'").pluck().all() as number[]
  const size = db.pragma('page_size', { simple: true }) as number
  db.close()
  const fd = openSync(path, 'r+')
  for (const page of pages.slice(1, 4)) writeSync(fd, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size)
  closeSync(fd)
}

const stored = (of: SpoolingLedger): string[] =>
  (of.current()?.listCalls({}) ?? [])
    .filter((c) => c.status === 'ok')
    .map((c) => c.id)
    .reverse()

it('notices that pages of its file were damaged, keeps calls aside, and writes them once a sound file is in its place', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const told: LedgerState[] = []
  const spooling = await start(path, told)
  const before = await send(spooling, 60)
  const backup = `${path}.backup`
  await spooling.current()?.backup(backup)
  await carriedOver(path)
  breakPages(path)
  await until(() => spooling.state().kind === 'spooling')
  expect(told[0]).toMatchObject({
    kind: 'spooling',
    fault: { code: 'E_LEDGER', message: expect.stringContaining('is damaged'), hint: expect.stringContaining('backup') },
  })
  const during = await send(spooling, 20)
  // It is not gone back to, however often that is tried.
  await sleep(300)
  expect(spooling.state()).toMatchObject({ kind: 'spooling', waiting: 40, lost: 0 })
  expect(told).toHaveLength(1)
  for (const file of ['', '-wal', '-shm']) {
    try {
      renameSync(path + file, `${path}.broken${file}`)
    } catch {}
  }
  copyFileSync(backup, path)
  await until(() => spooling.state().kind === 'ledger')
  const after = await send(spooling, 5)
  expect(stored(spooling)).toEqual([...before, ...during, ...after])
})

it('notices that all of its file but the beginning was damaged before anything else had read it', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const spooling = await start(path)
  await send(spooling, 3)
  const fd = openSync(path, 'r+')
  const { size } = fstatSync(fd)
  for (let at = 4096; at < size; at += 4096) writeSync(fd, Buffer.alloc(4096, 0xa5), 0, 4096, at)
  closeSync(fd)
  await until(() => spooling.state().kind === 'spooling')
  expect(spooling.state()).toMatchObject({ fault: { message: expect.stringContaining('damaged') } })
  const during = await send(spooling, 5)
  for (const file of ['', '-wal', '-shm']) rmSync(path + file, { force: true })
  await until(() => spooling.state().kind === 'ledger')
  expect(stored(spooling)).toEqual(during)
})

it.skipIf(process.platform === 'win32').each([
  ['overwritten', (path: string) => writeFileSync(path, 'no database at all '.repeat(500))],
  ['cut short', (path: string) => truncateSync(path, 0)],
])('notices at once that its file was %s, and loses no call of afterwards', async (_how, damage) => {
  const path = join(scratchFolder(), 'ledger.db')
  const told: LedgerState[] = []
  const spooling = await start(path, told)
  await send(spooling, 20)
  await carriedOver(path)
  damage(path)
  await until(() => told.length > 0)
  expect(told[0]).toMatchObject({ fault: { message: expect.stringContaining('overwritten or cut short') } })
  const during = await send(spooling, 10)
  renameSync(path, `${path}.broken`)
  await until(() => spooling.state().kind === 'ledger')
  expect(stored(spooling)).toEqual(expect.arrayContaining(during))
})

it.runIf(existsSync('/proc/locks'))(
  'stays locked, however often its file was looked at: a program that found it unused would remove its WAL',
  async () => {
    const spooling = await start(join(scratchFolder(), 'ledger.db'))
    await send(spooling, 5)
    await sleep(200)
    // SQLite's shared lock begins at 1 GB and two bytes.
    expect(readFileSync('/proc/locks', 'utf8')).toMatch(new RegExp(`READ +${process.pid} .* 1073741826 `))
  },
)

it.runIf(existsSync('/proc/self/fd'))('holds nothing of its file open once it is closed', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const spooling = await start(path)
  await spooling.close()
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  expect(open.filter((file) => file.startsWith(path))).toEqual([])
})

it.skipIf(process.platform === 'win32')('notices that its WAL was removed, and loses nothing of what was in it', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const told: LedgerState[] = []
  const spooling = await start(path, told)
  const before = await send(spooling, 5)
  rmSync(`${path}-wal`)
  const meanwhile = await send(spooling, 5)
  await until(() => told.some((state) => state.kind === 'ledger'))
  const after = await send(spooling, 5)
  expect(stored(spooling)).toEqual([...before, ...meanwhile, ...after])
})

it.skipIf(process.platform === 'win32')(
  'that was moved away has all its calls, and leaves nothing behind that would spoil another one put in its place',
  async () => {
    const path = join(scratchFolder(), 'ledger.db')
    const told: LedgerState[] = []
    const other = await openLedger(`${path}.other`)
    await other.open(sampleOpen())
    await other.close()
    const spooling = await start(path, told, 60_000)
    const before = await send(spooling, 20)
    renameSync(path, `${path}.moved`)
    renameSync(`${path}.other`, path)
    await until(() => told.some((state) => state.kind === 'ledger'))
    const after = await send(spooling, 5)
    expect(stored(spooling)).toEqual(after)
    const contents = (file: string) => {
      const db = new Database(file, { readonly: true })
      const sound = db.pragma('integrity_check', { simple: true })
      const calls = db.prepare('SELECT count(*) FROM call').pluck().get()
      db.close()
      return { sound, calls }
    }
    expect(contents(path)).toEqual({ sound: 'ok', calls: 1 + after.length })
    expect(contents(`${path}.moved`)).toEqual({ sound: 'ok', calls: before.length })
  },
)

it('makes no backup of a damaged ledger', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const spooling = await start(path)
  await send(spooling, 60)
  await spooling.close()
  ledger = null
  breakPages(path)
  const damaged = await openLedger(path)
  await expect(damaged.backup(`${path}.backup`)).rejects.toMatchObject({ code: 'E_LEDGER', message: expect.stringContaining('damaged') })
  expect(() => openSync(`${path}.backup`, 'r')).toThrow('ENOENT')
  await damaged.close()
})
