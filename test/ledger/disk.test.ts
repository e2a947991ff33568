import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { openLedger, openSpoolingLedger, type SpoolingLedger } from '../../src/ledger/index.js'
import { spoolFolders } from '../../src/ledger/spool/spool-folders.js'
import { sampleOpen, sampleSettle } from './sample.js'

vi.setConfig({ testTimeout: 120_000 })

/** A disk of its own, as small as asked for. Null where this user may not mount one. */
function mountDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  mounted.push(folder)
  return folder
}

const mounted: string[] = []
const remount = (folder: string, mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, folder], { stdio: 'ignore' })

afterEach(() => {
  for (const folder of mounted.splice(0)) {
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
})

const disk = process.platform === 'linux' ? mountDisk(3) : null

/** Writes until not a byte is left on the disk. */
function fill(ballast: string): void {
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
    } catch {}
  }
}

async function spooling(path: string): Promise<SpoolingLedger> {
  return openSpoolingLedger({ path, open: () => openLedger(path), retryMs: 20 })
}

async function send(ledger: SpoolingLedger, bytes: number): Promise<string> {
  const call = sampleOpen({ input: Buffer.alloc(bytes, 7) })
  await ledger.open(call)
  await ledger.settle(sampleSettle(call.id))
  return call.id
}

async function back(ledger: SpoolingLedger): Promise<void> {
  while (ledger.state().kind !== 'ledger') await sleep(10)
}

it.skipIf(disk === null)('a full disk: every call is taken, and is in the ledger once there is room again', async () => {
  const folder = mountDisk(32) ?? ''
  const path = join(folder, 'ledger.db')
  const ledger = await spooling(path)
  const ids: string[] = []
  const ballast = join(folder, 'ballast')
  for (let i = 0; i < 20; i++) ids.push(await send(ledger, 1000))
  fill(ballast)
  for (let i = 0; i < 200; i++) ids.push(await send(ledger, 2000))
  expect(ledger.state()).toMatchObject({ kind: 'spooling', lost: 0, fault: { code: 'E_LEDGER' } })
  rmSync(ballast)
  await back(ledger)
  for (let i = 0; i < 20; i++) ids.push(await send(ledger, 1000))
  const stored = ledger.current()?.listCalls({}) ?? []
  expect(new Set(stored.map((c) => c.id))).toEqual(new Set(ids))
  expect(stored.every((c) => c.status === 'ok' && c.costNano === 245_000)).toBe(true)
  await ledger.close()
  const db = new Database(path)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})

it.skipIf(disk === null)('a disk that turns read-only: nothing is lost, also not by a ledger that starts there', async () => {
  const folder = mountDisk(8) ?? ''
  const path = join(folder, 'ledger.db')
  const first = await spooling(path)
  const ids = [await send(first, 1000)]
  await first.close()
  remount(folder, 'ro')
  const second = await spooling(path)
  for (let i = 0; i < 50; i++) ids.push(await send(second, 1000))
  // In a folder of its own, for its owner alone, and there for the next process too.
  const { path: spool } = second.state() as { readonly path: string }
  expect(second.state()).toMatchObject({ kind: 'spooling', waiting: 100, lost: 0, path: expect.stringContaining(tmpdir()) })
  expect([statSync(spool).mode & 0o777, statSync(dirname(spool)).mode & 0o777]).toEqual([0o600, 0o700])
  await second.close()
  remount(folder, 'rw')
  const third = await spooling(path)
  await back(third)
  expect(
    new Set(
      third
        .current()
        ?.listCalls({})
        .map((c) => c.id),
    ),
  ).toEqual(new Set(ids))
  await third.close()
  expect(readdirSync(folder)).toEqual(['ledger.db'])
  expect(existsSync(dirname(spool))).toBe(false)
})

it.skipIf(disk === null)('where neither folder takes them, records wait in memory', async () => {
  const folder = mountDisk(8) ?? ''
  const path = join(folder, 'ledger.db')
  await (await spooling(path)).close()
  // Others could read there, so nothing is written to it.
  const away = spoolFolders(path)[1]
  mkdirSync(away, { mode: 0o755 })
  remount(folder, 'ro')
  const ledger = await spooling(path)
  const ids: string[] = []
  for (let i = 0; i < 50; i++) ids.push(await send(ledger, 1000))
  expect(ledger.state()).toMatchObject({ kind: 'spooling', waiting: 100, lost: 0, path: null })
  remount(folder, 'rw')
  await back(ledger)
  const stored = ledger.current()?.listCalls({}) ?? []
  expect(Object.fromEntries(stored.map(({ id, status }) => [id, status]))).toEqual(Object.fromEntries(ids.map((id) => [id, 'ok'])))
  expect([readdirSync(away), ledger.state()]).toEqual([[], { kind: 'ledger' }])
  await ledger.close()
})

it.skipIf(disk === null)('a ledger on a full disk closes without a fault: its statistics can wait', async () => {
  const folder = mountDisk(32) ?? ''
  const path = join(folder, 'ledger.db')
  const ledger = await openLedger(path)
  for (let i = 0; i < 100; i++) {
    const call = sampleOpen()
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
  }
  const ballast = join(folder, 'ballast')
  fill(ballast)
  await ledger.close()
  rmSync(ballast)
  const again = await openLedger(path)
  expect(again.counts().calls).toBe(100)
  await again.close()
})
