import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/index.js'
import { sampleOpen, sampleSettle, scratchLedger } from './sample.js'

const MB = 1 << 20

/** Calls that fill the file quickly, a commit each. */
async function write(ledger: Ledger, calls: number, bytes: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < calls; i++) {
    const call = sampleOpen({ input: Buffer.alloc(bytes, i) })
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
    ids.push(call.id)
    // As much as a disk of today takes, not as much as the memory does: the WAL is carried over beside it.
    if (i % 16 === 0) await sleep(2)
  }
  return ids
}

/** How often the WAL was begun, from its header. */
const beginnings = (path: string) => readFileSync(`${path}-wal`).readUInt32BE(12)

function behind(path: string): number {
  const db = new Database(path, { readonly: true })
  try {
    const [row] = db.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
    return (row?.log ?? 0) - (row?.checkpointed ?? 0)
  } finally {
    db.close()
  }
}

it('begins anew while writes go on, so that it stays small, and loses nothing', async () => {
  const ledger = await scratchLedger()
  const ids = await write(ledger, 1600, 100_000)
  await expect.poll(() => beginnings(ledger.path), { timeout: 20_000 }).toBeGreaterThan(0)
  expect(statSync(`${ledger.path}-wal`).size).toBeLessThan(128 * MB)
  expect(
    ledger
      .listCalls({})
      .map((c) => c.id)
      .reverse(),
  ).toEqual(ids)
  const db = new Database(ledger.path, { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})

it('is carried over when nothing has been written for a while, and at the end', async () => {
  const ledger = await scratchLedger()
  await write(ledger, 20, 1000)
  expect(behind(ledger.path)).toBeGreaterThan(0)
  await expect.poll(() => behind(ledger.path), { timeout: 20_000 }).toBe(0)
  await write(ledger, 20, 1000)
  await ledger.close()
  expect(() => statSync(`${ledger.path}-wal`)).toThrow('ENOENT')
})

it('may be closed at any moment of it', async () => {
  for (const calls of [65, 200, 700]) {
    const ledger = await scratchLedger()
    await write(ledger, calls, 60_000)
    await ledger.close()
    const again = await scratchLedger({ path: ledger.path })
    expect(again.counts().calls).toBe(calls)
    await again.close()
  }
})
