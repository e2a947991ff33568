import type { AttemptRow, CallOpen, CallSettle, OutcomeRow } from '../ledger/types.js'

/**
 * The ledger as the pipeline sees it: asynchronous and narrow, so that another store can stand beside the SQLite one.
 * Every promise resolves after the rows are committed.
 */
export interface LedgerPort {
  /** Returns the sequence number given in the transaction. */
  open(call: CallOpen): Promise<number>
  settle(call: CallSettle): Promise<number>
  attempt(call: string, attempt: AttemptRow): Promise<void>
  outcome(row: OutcomeRow): Promise<void>
  /** Stores a policy or model revision once per hash. */
  remember(kind: 'policy' | 'model_rev', hash: string, json: string): Promise<void>
  /** Bodies may follow the call within a second; failures are reported, never thrown at the client. */
  bodies(call: string, request: readonly StoredMessage[], reply: string | null): void
}

/** One message of a request as stored: addressed by the digest of its content. */
export interface StoredMessage {
  readonly digest: string
  readonly json: string
}
