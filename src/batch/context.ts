import { Fault } from '../kit/index.js'
import type { BatchJobRow, BatchLineRow, BatchStore, Ledger } from '../ledger/index.js'
import type { RouterParts } from '../route/index.js'
import type { BatchSettings, JobTerms, LineSpec } from './types.js'

/** The ports of the batch runner. */
export interface BatchPorts {
  /** The pipeline's own ports: lines are decided, sent and settled as calls are. */
  readonly parts: RouterParts
  /** Null while the ledger cannot be opened: jobs then stand still. */
  readonly ledger: () => Ledger | null
  readonly settings: () => BatchSettings
  /** Calls of clients that are being served now; lines make way for them. */
  readonly busy: () => number
}

/** The ports while the ledger is open. */
export interface BatchContext extends Omit<BatchPorts, 'settings'> {
  readonly store: BatchStore
  readonly settings: BatchSettings
}

export interface Job extends Omit<BatchJobRow, 'terms'> {
  readonly terms: JobTerms
}

export function jobOf(row: BatchJobRow): Job {
  return { ...row, terms: JSON.parse(row.terms) as JobTerms }
}

export function specOf({ spec }: BatchLineRow): LineSpec {
  return JSON.parse(spec) as LineSpec
}

/** Models in the order in which they are asked. */
export function chainOf({ chain }: Pick<BatchLineRow, 'chain'>): readonly string[] {
  return chain === null ? [] : (JSON.parse(chain) as string[])
}

/** A job's lines in their order, read in pages, of one state if it is given; lines changed on the way are not returned again. */
export function* allLines({ id }: Pick<BatchJobRow, 'id'>, store: BatchStore, state?: BatchLineRow['state']): Generator<BatchLineRow> {
  for (let after = -1; ; ) {
    const page = store.lines(id, { ...(state && { state }), after, limit: 500 })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.n
  }
}

/** Has a line go on at a step of its plan, with no attempt to record. */
export function goTo({ call, live }: BatchLineRow, step: number, { store }: Pick<BatchContext, 'store'>): Promise<void> {
  return store.retry({ call, step, live, attempt: null })
}

export function cancelled(): Fault {
  return new Fault('E_CANCELLED', 'the batch was cancelled')
}

/** Lets calls of clients be served between two lines: the event loop is theirs first. */
export function yieldToClients(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
