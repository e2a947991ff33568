import type { BatchStore } from './batch/rows.js'
import type { BudgetRow } from './budgets.js'
import type { ExportRequest } from './export-calls.js'
import type { StoredBodies } from './read-bodies.js'
import type { Changes, ChangesQuery } from './read-changes.js'
import type { Comparison, ComparisonQuery, TimeRange } from './read-comparisons.js'
import type { PrefixTrie } from './read-prefixes.js'
import type { LatencyQuery } from './read-rollups.js'
import type { ReplayEvent, ReplayRange } from './replay-events.js'
import type { Checkpoint } from './retention/checkpoints.js'
import type { Pruned, PruneOptions } from './retention/prune.js'
import type { CallDetail, CallFilter, CallRow, Counts, Quantiles, RollupQuery, RollupRow } from './rows.js'
import type { AttemptRow, EndedCall, LedgerWriter, RunRow } from './types.js'

import type { StoredVector } from './vectors.js'
import type { Verification, Verified } from './verify.js'

/** An open ledger: what the pipeline writes, and everything that commands ask of it. */
export interface Ledger extends LedgerWriter {
  readonly path: string
  readonly keepsBodies: 'all' | 'none'
  /** A digest that only this ledger can make, to be stored instead of a plain one when bodies are not kept. */
  keyed(digest: string): string

  /** Resolves once a write could be made; rejects with E_LEDGER when it cannot. */
  ready(): Promise<void>
  /** Registers this process; calls opened from now on are its own. */
  startRun(run: { readonly appVersion: string; readonly engine: number; readonly startedAt: number }): RunRow
  /** Ends, as `interrupted`, calls whose process is gone; returns their ids. Calls of other live processes are not touched. */
  markInterrupted(atMs: number): string[]

  /** Opens and settles in one transaction: an import's call is there whole or not at all. More than a hundred at once would keep other writers waiting. */
  record(calls: readonly EndedCall[]): Promise<void>
  hasCall(id: string): boolean
  /** Ends the given calls, where still open, as `interrupted`. */
  interrupt(ids: readonly string[], atMs: number): void

  listCalls(filter: CallFilter): CallRow[]
  /** Takes a shortened id too; null when there is none. Throws E_USAGE when it fits several. */
  getCall(id: string): CallDetail | null
  attemptsOf(id: string): readonly AttemptRow[]
  /** Request and reply as stored; null when they were not kept. */
  bodiesOf(id: string): StoredBodies | null
  rollups(query: RollupQuery): RollupRow[]
  /** All of it in one row. */
  spend(query: Omit<RollupQuery, 'by'>): RollupRow
  latencies(query: LatencyQuery): ReadonlyMap<string, Quantiles>
  budgets(scopes: readonly string[]): BudgetRow[]
  /** Savings per baseline; scans the calls of the range. */
  comparisons(query: ComparisonQuery): Comparison[]
  outcomeCounts(range: TimeRange): ReadonlyMap<string, { calls: number; raised: number }>
  /** New and newly ended calls, for those who watch. */
  changes(query: ChangesQuery): Changes
  counts(): Counts

  /** Everything that was decided, settled and learned, in order, as of now. */
  replay(range?: ReplayRange): Generator<ReplayEvent[]>
  /** The newest saved state at or before `seq`. */
  checkpoint(seq?: number): Checkpoint | null
  /** Keeps the newest few, so that a start need not fold the whole history. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>
  /** Where replays start by default: the first `seq` that pruning has left. */
  firstSeq(): number
  /** The newest `seq` given so far. */
  lastSeq(): number
  /** Jobs whose lines may wait. */
  readonly batch: BatchStore
  /** Deletes what is old in small steps. */
  prune(options: PruneOptions): Promise<Pruned>
  /** Numbers of the calls whose messages are stored. */
  callsWithBodies(): ReadonlySet<number>
  /** When the oldest call whose bodies are still there was decided. */
  oldestBodyMs(): number | null
  /** Reads everything and says what is wrong. Blocks for as long as it takes: for the command line. */
  verify(verification?: Verification): Verified
  /** Reads the whole file in another thread; null, or what is wrong with it. */
  check(): Promise<string | null>
  /** Calls as text, oldest first, a page at a time. */
  export(request: ExportRequest): Generator<string>
  /** Copies the ledger as it stands to a new file while it is in use. Throws E_CONFLICT when the file exists, E_LEDGER when the ledger is damaged. */
  backup(to: string): Promise<void>
  policies(): ReadonlyMap<string, string>
  modelRevs(): ReadonlyMap<string, string>
  prefixes(): PrefixTrie

  /** Vectors that a model made of texts, by the digests of those texts. */
  vectorsOf(model: string, digests: readonly string[]): ReadonlyMap<string, Float32Array>
  keepVectors(model: string, vectors: readonly StoredVector[]): Promise<void>

  /** Resolves when everything handed over, bodies too, is in the file. */
  flush(): Promise<void>
  close(): Promise<void>
}
