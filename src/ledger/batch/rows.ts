import type { Nano } from '../../kit/index.js'
import type { AttemptRow, CallOpen, CallSettle } from '../types.js'

/** Where a line stands; the place in this list is its number in the file. */
export const LINE_STATES = ['waiting', 'ready', 'sent', 'ok', 'failed', 'expired', 'cancelled'] as const
export type LineState = (typeof LINE_STATES)[number]

export interface BatchJobRow {
  readonly id: string
  readonly createdAt: number
  readonly deadlineAt: number
  readonly total: number
  /** JSON of the room that owns it. */
  readonly terms: string
  readonly cancelledAt: number | null
  readonly endedAt: number | null
}

interface NewBatchLine {
  readonly call: string
  readonly spec: string
  readonly request: Uint8Array
}

export interface BatchLineRow extends NewBatchLine {
  readonly job: string
  readonly n: number
  readonly state: LineState
  /** Models in the order they are asked, as JSON; null until decided. */
  readonly chain: string | null
  readonly step: number
  /** Attempts made so far. */
  readonly tries: number
  /** No batch API any more: the remaining lines are sent live now. */
  readonly live: boolean
  readonly sent: string | null
  /** When a process began to ask it live, of which nothing has come yet. */
  readonly askedAt: number | null
  /** How often a process died while it asked it live. */
  readonly interrupted: number
  readonly answer: Uint8Array | null
  readonly status: number | null
  readonly model: string | null
  readonly costNano: Nano | null
}

export interface BatchSentRow {
  readonly id: string
  readonly job: string
  readonly model: string
  readonly format: string
  readonly lines: number
  readonly madeAt: number
  readonly askedAt: number | null
  readonly tries: number
  /** The provider's own name for it; null until known. */
  readonly remote: string | null
  /** Batches of the provider that looked like this one and were not. */
  readonly notOurs: readonly string[]
  readonly cancelledAt: number | null
  readonly endedAt: number | null
}

export interface BatchFileRow {
  readonly id: string
  readonly createdAt: number
  readonly key: string | null
  readonly name: string
  readonly purpose: string
  readonly bytes: number
}

/** How a line ended, with the row of its call if it has one: both are written or neither. */
export interface LineEnd {
  readonly call: string
  readonly state: Exclude<LineState, 'waiting' | 'ready' | 'sent'>
  readonly answer: Uint8Array
  readonly status: number
  readonly model: string | null
  readonly costNano: Nano | null
  readonly settle: CallSettle | null
  /** The process that asked it died before anything came: counted. */
  readonly interrupted?: boolean
}

/** A line to be tried again: at which step of its chain, and the failed attempt. */
interface LineRetry {
  readonly call: string
  readonly step: number
  readonly live: boolean
  readonly attempt: AttemptRow | null
  readonly interrupted?: boolean
}

/** Jobs that may wait. Every write is one transaction. */
export interface BatchStore {
  /** Registers this process as the one that works on the jobs and returns a function that releases it; null while another process does. */
  claim(): (() => void) | null
  addJob(job: Pick<BatchJobRow, 'id' | 'createdAt' | 'deadlineAt' | 'terms'>, lines: readonly NewBatchLine[]): Promise<void>
  job(id: string): BatchJobRow | null
  /** Newest first. */
  jobs(filter?: { readonly open?: boolean; readonly limit?: number }): BatchJobRow[]
  counts(job: string): Readonly<Record<LineState, number>>
  /** Total cost of its lines; null when one of them is unpriced. */
  cost(job: string): Nano | null
  /** In order, after line `after`. */
  lines(job: string, page: { readonly state?: LineState; readonly after?: number; readonly limit: number }): BatchLineRow[]
  linesOf(sent: string): BatchLineRow[]
  /** Lines that were begun to be asked live, and of which nothing has come yet. */
  asked(job: string): BatchLineRow[]
  /** Written before a line is asked live, so that a death on the way is known. False when the line is not ready any more. */
  ask(call: string, at: { readonly atMs: number; readonly step: number }): Promise<boolean>
  /** How many of a job's requests were on their way when a process died. */
  interrupted(job: string): number
  /** Opens the line's call and keeps its chain. Rejects with E_BUDGET, changing nothing, when a budget has no room. */
  decide(open: CallOpen, chain: readonly string[]): Promise<void>
  /** False when the line had ended already: nothing is written then. */
  end(line: LineEnd): Promise<boolean>
  retry(line: LineRetry): Promise<void>
  /** Puts ready lines into a batch that is to be made. */
  group(sent: Pick<BatchSentRow, 'id' | 'job' | 'model' | 'format' | 'madeAt'>, calls: readonly string[]): Promise<void>
  sent(job: string): BatchSentRow[]
  /** Names that providers gave to batches of this ledger. */
  remotes(): ReadonlySet<string>
  mark(
    id: string,
    change: Partial<Pick<BatchSentRow, 'askedAt' | 'tries' | 'remote' | 'notOurs' | 'cancelledAt' | 'endedAt'>>,
  ): Promise<void>
  markJob(id: string, change: Partial<Pick<BatchJobRow, 'cancelledAt' | 'endedAt'>>): Promise<void>
  removeJob(id: string): Promise<void>
  addFile(file: Omit<BatchFileRow, 'bytes'>, content: Uint8Array): Promise<void>
  file(id: string): BatchFileRow | null
  files(): BatchFileRow[]
  fileContent(id: string): Uint8Array | null
  removeFile(id: string): Promise<boolean>
}
