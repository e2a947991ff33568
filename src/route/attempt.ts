import type { Loss, Reply, Usage } from '../canonical/index.js'
import { type Fault, wholeMicroseconds } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Flight } from '../upstream/index.js'
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
  /** The complete answer in the neutral form, made after the client has been served; null when it is not kept. */
  readonly reply: (() => Reply) | null
}

/** How far an attempt that began at `start` has got by `now`, both monotonic milliseconds. */
export function timesOf(flight: Flight | null, start: number, now: number): Pick<EndedAttempt, 'sentMs' | 'firstByteMs' | 'endMs'> {
  const since = (at: number | null | undefined): number | null => (at == null ? null : wholeMicroseconds(at - start))
  return { sentMs: since(flight?.times.sent), firstByteMs: since(flight?.times.firstByte), endMs: wholeMicroseconds(now - start) }
}

type UsageColumn = 'inputTokens' | 'cacheReadTokens' | 'cacheWrite5mTokens' | 'cacheWrite1hTokens' | 'outputTokens' | 'reasoningTokens'

/** Usage as an attempt's row keeps it. */
export function usageColumns(usage: Usage): Pick<AttemptRow, UsageColumn> {
  return {
    inputTokens: usage.input,
    cacheReadTokens: usage.cacheRead,
    cacheWrite5mTokens: usage.cacheWrite5m,
    cacheWrite1hTokens: usage.cacheWrite1h,
    outputTokens: usage.output,
    reasoningTokens: usage.reasoning,
  }
}
