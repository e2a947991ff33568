import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import type { Clock, Nano } from '../kit/index.js'
import type { AttemptRow, CallSettle, LedgerWriter } from '../ledger/types.js'
import type { Endogenous, ModelState, StateEvent, StateQuery } from '../policy/index.js'
import type { Dispatch, HealthBoard } from '../upstream/index.js'
import type { Advise } from './ask-advice.js'
import type { ShadowSpending } from './ask-shadow.js'
import type { DecidedCall } from './call.js'
import type { KeptItems } from './kept-items.js'
import type { RecentCalls } from './recent-calls.js'
import type { Setup } from './setup.js'
import type { Signers } from './signers.js'

/** Everything the pipeline needs of the world. */
export interface RouterPorts {
  readonly clock: Clock
  /** Asynchronous and narrow, so that another store can be used beside the SQLite one. */
  readonly ledger: LedgerWriter
  /** Sends to a provider, by the revision's `simulated`: the sandbox or the network. */
  readonly dispatch: (rev: ModelRev) => Dispatch
  readonly health: HealthBoard
  readonly state: StatePort
  readonly outlook: OutlookPort
  /** The configuration of now; read once a call. */
  readonly setup: () => Setup
  readonly random: () => number
  /** Absent when no model is configured to be asked. */
  readonly advise?: Advise
  /** The cost of a profile's shadow calls since a time, according to the ledger. */
  readonly shadowSpent: (profile: string, sinceMs: number) => Nano
  /** Called with every settled call, for metrics and logs; must not throw. */
  readonly observe: (settled: SettledCall) => void
  /** Called with errors that did not affect a call (a ledger that cannot be written). */
  readonly report: (error: unknown, call: string) => void
}

/** The ports, and the router's own memory between calls. */
export interface RouterParts extends RouterPorts {
  readonly signers: Signers
  readonly items: KeptItems
  readonly recent: RecentCalls
  readonly shadows: ShadowSpending
}

/** What decisions depend on and change: folded from the same events that the ledger keeps. */
export interface StatePort {
  read(query: StateQuery): Endogenous
  fold(event: StateEvent): void
  /** Sets money aside against budgets until the returned function is called; `read` gives limits without it. */
  hold(budgets: readonly { readonly scope: string }[], amount: Nano): () => void
}

/** A call and how it ended, for those who learn from it or count it. */
export interface SettledCall {
  readonly call: DecidedCall
  readonly row: CallSettle
  /** The attempt that the client saw; null when none. */
  readonly served: AttemptRow | null
}

/** Expectations of each model for a request, learned from observations. */
export interface OutlookPort {
  models(revs: readonly ModelRev[], signals: Signals, nowMs: number): readonly ModelState[]
  observe(settled: SettledCall): void
  /** An answer turned out one way or another; see the ledger's outcomes for the kinds. */
  judged(call: DecidedCall, model: string, kind: string, value: number): void
}
