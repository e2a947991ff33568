import { addTo, type Nano } from '../../kit/index.js'
import { attemptOf } from '../attempts.js'
import type { Db } from '../database/native.js'
import type { Tables } from '../tables.js'
import type { AttemptRow } from '../types.js'

/** The cost of an attempt by a stored model revision; `undefined` when the usage does not determine it (an estimate, for example). */
export type CostOf = (attempt: AttemptRow, modelRev: unknown) => Nano | null | undefined

export type Verified = Readonly<ReturnType<typeof verifyLedger>>

/** Reads the whole file. All findings are listed: an intact ledger has none. */
export function verifyLedger(db: Db, tables: Tables, costOf?: CostOf) {
  const damage = db.pragma('integrity_check') as { integrity_check: string }[]
  return {
    /** Findings of SQLite's own check; empty when the file is intact. */
    damage: damage.map((row) => row.integrity_check).filter((line) => line !== 'ok'),
    /** Rows that refer to rows that are not there, as `table → table: count`. */
    orphans: findOrphans(db),
    /** Calls whose decision is missing. */
    undecided: Number(db.prepare('SELECT count(*) FROM call WHERE seq NOT IN (SELECT seq FROM decision)').pluck().get()),
    ...checkCosts(db, tables, costOf),
    /** Hours whose sums disagree with the calls, as far as these have not been pruned. */
    wrongHours: wrongHours(db),
  }
}

function findOrphans(db: Db): string[] {
  const counts = new Map<string, number>()
  for (const row of db.pragma('foreign_key_check') as { table: string; parent: string }[]) {
    addTo(counts, `${row.table} → ${row.parent}`)
  }
  return [...counts].map(([key, count]) => `${key}: ${count}`)
}

function checkCosts(db: Db, { names, modelRevs, columns }: Tables, costOf: CostOf | undefined) {
  const revs = new Map([...modelRevs.all()].map(([hash, json]) => [hash, json === '' ? null : (JSON.parse(json) as unknown)]))
  const calls = db.prepare<[number], { seq: number; id: string; cost: number | null }>(
    'SELECT seq, id, cost_nano AS cost FROM call WHERE seq > ? AND seq_settled IS NOT NULL AND status <> 5 ORDER BY seq LIMIT 1000',
  )
  /** Attempts whose stored cost is not usage × stored rates. */
  const wrongAttemptCosts: { call: string; n: number; stored: Nano | null; computed: Nano | null }[] = []
  /** Calls whose cost is not the sum of their attempts, except shadow attempts. */
  const wrongCallCosts: { call: string; stored: Nano | null; computed: Nano | null }[] = []
  let attempts = 0
  for (let page = calls.all(0); page.length > 0; page = calls.all(page[page.length - 1]?.seq ?? 0)) {
    for (const { seq, id, cost } of page) {
      let sum: Nano | null = 0
      const stored = columns.attempts(seq)
      for (const row of stored) {
        const attempt = attemptOf(row, names, modelRevs)
        attempts++
        const computed = costOf?.(attempt, revs.get(attempt.modelRev) ?? null)
        if (computed !== undefined && computed !== attempt.costNano) {
          wrongAttemptCosts.push({ call: id, n: attempt.n, stored: attempt.costNano, computed })
        }
        if (attempt.purpose !== 'shadow') sum = sum === null || attempt.costNano === null ? null : sum + attempt.costNano
      }
      if (stored.length > 0 && sum !== cost) wrongCallCosts.push({ call: id, stored: cost, computed: sum })
    }
  }
  return { attempts, wrongAttemptCosts, wrongCallCosts }
}

/** Hours in which pruning has left every call: sums there must equal those of the calls. */
function wrongHours(db: Db): number[] {
  return db
    .prepare<[], number>(
      `WITH first AS (SELECT coalesce(max(value), 0) AS seq FROM meta WHERE key = 'first-seq'),
         whole AS (SELECT coalesce(max(decided_at) / 3600000 + 1, 0) AS hour FROM call, first WHERE call.seq <= first.seq),
         summed AS (SELECT decided_at / 3600000 AS hour, count(*) AS calls, coalesce(sum(cost_nano), 0) AS cost
                    FROM call WHERE seq_settled IS NOT NULL GROUP BY 1),
         rolled AS (SELECT hour, sum(calls) AS calls, sum(cost_nano) AS cost FROM rollup GROUP BY hour)
       SELECT summed.hour FROM whole JOIN summed ON summed.hour >= whole.hour LEFT JOIN rolled ON rolled.hour = summed.hour
       WHERE rolled.calls IS NOT summed.calls OR rolled.cost IS NOT summed.cost ORDER BY summed.hour`,
    )
    .pluck()
    .all()
}
