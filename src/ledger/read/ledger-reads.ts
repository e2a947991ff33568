import { prepareReadBodies } from '../bodies/read-bodies.js'
import type { Db } from '../database/native.js'
import { packDigest } from '../digests.js'
import type { LedgerReader } from '../ledger.js'
import { openPrefixes } from '../replay/read-prefixes.js'
import type { Counts } from '../rows.js'
import type { Tables } from '../tables.js'
import { prepareCallReader } from './get-call.js'
import { listCalls, prepareReadChanges } from './list-calls.js'
import { readComparisons, readOutcomeCounts } from './read-comparisons.js'
import { readLatencies, readRollups } from './read-rollups.js'

/** Every query of the ledger that needs nothing but its connection. */
export function prepareReads(db: Db, tables: Tables): LedgerReader {
  const { names, policies, modelRevs, budgets, checkpoints, sequence, requireSeq } = tables
  const calls = prepareCallReader(db, tables)
  const readBodies = prepareReadBodies(db)
  const prefixTokens = db.prepare<[Buffer | string], number>('SELECT ref_tokens FROM prefix WHERE digest = ?').pluck()
  const withBody = db.prepare<[], number>('SELECT call FROM body').pluck()
  const oldestBody = db.prepare<[], number>('SELECT decided_at FROM call WHERE seq = (SELECT min(call) FROM body)').pluck()
  return {
    listCalls: (filter) => listCalls(db, names, filter),
    hasCall: calls.has,
    getCall: calls.detail,
    attemptsOf: (id) => calls.attempts(requireSeq(id)),
    bodiesOf: (id) => readBodies(requireSeq(id)),
    rollups: (query) => readRollups(db, names, query),
    spend: (query) => readRollups(db, names, { ...query, by: [] })[0]!,
    latencies: (query) => readLatencies(db, names, query),
    budgets: budgets.of,
    comparisons: (query) => readComparisons(db, names, query),
    outcomeCounts: (range) => readOutcomeCounts(db, names, range),
    changes: prepareReadChanges(db, tables),
    counts: () => readCounts(db),
    policies: policies.all,
    modelRevs: modelRevs.all,
    prefixes: () => openPrefixes(db),
    prefixTokens: (digest) => prefixTokens.get(packDigest(digest)) ?? null,
    checkpoint: checkpoints.latest,
    firstSeq: checkpoints.firstSeq,
    lastSeq: sequence.last,
    oldestBodyMs: () => oldestBody.get() ?? null,
    callsWithBodies: () => new Set(withBody.all()),
  }
}

/** How much there is. Fast at any size: sums come from the hourly table, the size from the file's own header. */
function readCounts(db: Db): Counts {
  const settled = Number(db.prepare('SELECT coalesce(sum(calls), 0) FROM rollup').pluck().get())
  const running = Number(db.prepare('SELECT count(*) FROM call WHERE status = 1 AND status <> 2').pluck().get())
  const oldestMs = db.prepare<[], number | null>('SELECT min(decided_at) FROM call').pluck().get() ?? null
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }))
  const bytes = pragma('page_count') * pragma('page_size')
  const usedBytes = bytes - pragma('freelist_count') * pragma('page_size')
  return { calls: settled + running, running, bytes, usedBytes, oldestMs }
}
