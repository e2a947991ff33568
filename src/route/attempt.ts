import type { Loss, Reply, Usage } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'
import type { Splice } from '../wire/index.js'
import type { PoolModel } from './setup.js'

/** One attempt as it stands when it ended, before pricing. Durations are milliseconds from `t0`, null when it did not get there. */
export interface EndedAttempt {
  readonly n: number
  readonly model: PoolModel
  /** Wall clock, milliseconds. */
  readonly t0: number
  readonly sentMs: number | null
  readonly firstByteMs: number | null
  readonly endMs: number
  readonly status: number | null
  readonly splices: readonly Splice[]
  readonly losses: readonly Loss[]
}

/** What of an answer reached the client. */
export interface Delivery {
  readonly outcome: 'ok' | 'error' | 'cut' | 'cancelled'
  readonly usage: Usage
  readonly outputChars: number
  readonly finish: string | null
  readonly fault: Fault | null
  /** The whole answer in the neutral form, made after the client has been served; null when it is not kept. */
  readonly reply: (() => Reply) | null
}

/** Either the client has (part of) an answer, or nothing was written and another model may take over. */
export type AttemptEnd = { readonly kind: 'delivered' } | { readonly kind: 'failed'; readonly fault: Fault; readonly status: number | null }
