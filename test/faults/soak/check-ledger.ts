import Database from 'better-sqlite3'
import { openLedger } from '../../../src/ledger/index.js'
import type { Seen } from './make-call.js'

/** A call without a row: what its client saw of it, and whether a provider got a post of it. */
export interface Unrecorded extends Partial<Seen> {
  readonly n: number
  readonly posted: boolean
}

export interface LedgerCheck {
  readonly calls: number
  readonly byStatus: Readonly<Record<string, number>>
  /** Calls that a client has an answer or an id of, or that a provider got a post of, but no row. */
  readonly unrecorded: readonly Unrecorded[]
  /** Calls without a row whose client left before its request was in. */
  readonly neverCame: number
  /** Calls with more rows than one. */
  readonly doubled: number
  /** Answers that came whole but are recorded otherwise. */
  readonly misjudged: number
  readonly stillRunning: number
  readonly withoutCost: number
  readonly integrity: string
  readonly megabytes: number
}

/** Compares what clients and providers saw with what the ledger says. */
export async function checkLedger(path: string, seen: readonly Seen[], posted: ReadonlySet<number>): Promise<LedgerCheck> {
  const ledger = await openLedger(path, { readonly: true })
  const rows = ledger.listCalls({})
  await ledger.close()
  const byTag = new Map<string, typeof rows>()
  const byStatus: Record<string, number> = {}
  for (const row of rows) {
    const tag = row.tags[0] ?? ''
    byTag.set(tag, [...(byTag.get(tag) ?? []), row])
    byStatus[row.status] = (byStatus[row.status] ?? 0) + 1
  }
  const known = new Set([...posted, ...seen.filter(({ id, how }) => id !== null || (how !== 'left' && how !== 'hung')).map(({ n }) => n)])
  const whole = seen.filter(({ how }) => how === 'whole').map(({ n }) => byTag.get(`n${n}`)?.[0])
  const db = new Database(path, { readonly: true })
  const integrity = String(db.pragma('integrity_check', { simple: true }))
  const pages = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }))
  db.close()
  return {
    calls: rows.length,
    byStatus,
    unrecorded: [...known]
      .filter((n) => !byTag.has(`n${n}`))
      .map((n) => ({ ...seen.find((one) => one.n === n), n, posted: posted.has(n) })),
    neverCame: seen.filter(({ n }) => !known.has(n) && !byTag.has(`n${n}`)).length,
    doubled: [...byTag.values()].filter((list) => list.length > 1).length,
    misjudged: whole.filter((row) => row?.status !== 'ok').length,
    stillRunning: rows.filter((row) => row.status === 'running' || row.status === 'interrupted').length,
    withoutCost: rows.filter((row) => row.status !== 'running' && row.costNano === null).length,
    integrity,
    megabytes: pages / 1e6,
  }
}
