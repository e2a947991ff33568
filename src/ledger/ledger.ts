import type { BatchStore } from './batch/rows.js'
import type { StoredBodies } from './bodies/read-bodies.js'
import type { ExportRequest } from './read/export-calls.js'
import type { Changes, ChangesQuery } from './read/list-calls.js'
import type { Comparison, ComparisonQuery } from './read/read-comparisons.js'
import type { LatencyQuery } from './read/read-rollups.js'
import type { CostOf, Verified } from './read/verify.js'
import type { PrefixTrie } from './replay/read-prefixes.js'
import type { ReplayEvent, ReplayRange } from './replay/replay-events.js'
import type { Checkpoint } from './retention/checkpoints.js'
import type { Pruned, PruneOptions } from './retention/prune.js'
import type { CallDetail, CallFilter, CallRow, Counts, Quantiles, RollupQuery, RollupRow, TimeRange } from './rows.js'
import type { AttemptRow, EndedCall, LedgerWriter, RunRow } from './types.js'
import type { StoredVector } from './vectors.js'
import type { BudgetRow } from './write/budgets.js'

/** What the ledger holds, by query. */
export interface LedgerReader {
  listCalls(filter: CallFilter): CallRow[]
  hasCall(id: string): boolean
  /** Takes a shortened id too; null when there is none. Throws E_USAGE when it fits several. */
  getCall(id: string): CallDetail | null
  attemptsOf(id: string): readonly AttemptRow[]
  /** Request and reply as stored; null when they were not kept. */
  bodiesOf(id: string): StoredBodies | null
  rollups(query: RollupQuery): RollupRow[]
  /** The totals, in one row. */
  spend(query: Omit<RollupQuery, 'by'>): RollupRow
  latencies(query: LatencyQuery): ReadonlyMap<string, Quantiles>
  budgets(scopes: readonly string[]): BudgetRow[]
  /** Savings per baseline; scans the calls of the range. */
  comparisons(query: ComparisonQuery): Comparison[]
  outcomeCounts(range: TimeRange): ReadonlyMap<string, { calls: number; raised: number }>
  /** New and newly ended calls, for live views. */
  changes(query: ChangesQuery): Changes
  counts(): Counts
  policies(): ReadonlyMap<string, string>
  modelRevs(): ReadonlyMap<string, string>
  prefixes(): PrefixTrie
  /** Reference tokens of the prefix with this digest; null when it was never stored. */
  prefixTokens(digest: string): number | null
  /** The newest saved state at or before `seq`. */
  checkpoint(seq?: number): Checkpoint | null
  /** Where replays start by default: the first `seq` that pruning has left. */
  firstSeq(): number
  /** The newest `seq` given so far. */
  lastSeq(): number
  /** When the oldest call whose bodies are still stored was decided. */
  oldestBodyMs(): number | null
  /** Numbers of the calls whose messages are stored. */
  callsWithBodies(): ReadonlySet<number>
}

/** An open ledger: what the pipeline writes, what commands read, and its upkeep. */
export interface Ledger extends LedgerWriter, LedgerReader {
  readonly path: string
  readonly keepsBodies: 'all' | 'none'
  /** A digest that only this ledger can make, stored instead of a plain one when bodies are not kept. */
  keyed(digest: string): string

  /** Resolves once a write is possible; rejects with E_LEDGER when it is not. */
  ready(): Promise<void>
  /**
   * Registers this process; calls opened from now on belong to it. `alone` names what only one process may do at a time: E_CONFLICT is thrown
   * while another one does.
   */
  startRun(run: { readonly appVersion: string; readonly engine: number; readonly startedAt: number; readonly alone?: string }): RunRow
  /** Ends, as `interrupted`, calls whose process is gone; returns their ids. Calls of other live processes are not touched. */
  markInterrupted(atMs: number): string[]
  /** Ends the given calls, where still open, as `interrupted`. */
  interrupt(ids: readonly string[], atMs: number): void
  /**
   * Opens, settles and stores the bodies in one transaction, so that an imported call is stored completely or not at all. More than a hundred
   * at once block other writers, and their new messages become one pack, which is read as a whole: a quarter of a megabyte is enough for one.
   */
  record(calls: readonly EndedCall[]): Promise<void>

  /** Everything that was decided, settled and learned, in order, as of now. */
  replay(range?: ReplayRange): Generator<ReplayEvent[]>
  /** Keeps the newest few, so that a start need not fold the whole history. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>
  /** Jobs whose lines may wait. */
  readonly batch: BatchStore
  /** Vectors that a model made of texts, by the digests of those texts. */
  vectorsOf(model: string, digests: readonly string[]): ReadonlyMap<string, Float32Array>
  keepVectors(model: string, vectors: readonly StoredVector[]): Promise<void>

  /** Deletes old rows in small steps. */
  prune(options: PruneOptions): Promise<Pruned>
  /** Reads everything and reports what is wrong; costs are recomputed with `costOf`. Blocks while it runs: for the command line. */
  verify(costOf?: CostOf): Verified
  /** Reads the whole file in another thread; null, or what is wrong with it. */
  check(): Promise<string | null>
  /** Calls as text, oldest first, a page at a time. */
  export(request: ExportRequest): Generator<string>
  /** Copies the ledger to a new file while it is in use. Throws E_CONFLICT when the file exists, E_LEDGER when the ledger is damaged. */
  backup(to: string): Promise<void>

  /** Resolves when everything handed over, including bodies, is in the file. */
  flush(): Promise<void>
  close(): Promise<void>
}
