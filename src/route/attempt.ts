import { type Loss, NO_USAGE, type Reply, totalInput, type Usage } from '../canonical/index.js'
import { costOf } from '../catalog/index.js'
import { type Fault, wholeMicroseconds } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Flight } from '../upstream/index.js'
import type { Splice } from '../wire/index.js'
import type { DecidedCall } from './call.js'
import type { FailedAttempt, Verdict } from './judge-failure.js'
import { priceUsage } from './price-usage.js'
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

/** The row of an attempt whose answer, or part of it, reached the client, and the usage that it is priced by. */
export function deliveredRow(
  call: DecidedCall,
  ended: EndedAttempt,
  delivery: Delivery,
): { readonly row: AttemptRow; readonly usage: Usage } {
  const cut = delivery.outcome !== 'ok' && delivery.finish === null
  const { usage, source, cost } = priceUsage(ended.model.rev, delivery.usage, call.signals.inputTokens, delivery.outputChars, cut)
  return { row: writeRow(ended, usage, delivery.outcome, delivery.fault, source, cost, 'yes'), usage }
}

/**
 * The row of an attempt that the client saw nothing of. If it may have been served, it is priced by the usage the provider reported, else
 * by the expected one.
 */
export function failedRow(
  call: DecidedCall,
  ended: EndedAttempt,
  { fault, status, usage: said = NO_USAGE }: FailedAttempt,
  verdict: Verdict,
): AttemptRow {
  const cancelled = fault.code === 'E_CANCELLED'
  const outcome = cancelled ? 'cancelled' : fault.code === 'E_UPSTREAM_TIMEOUT' && status === null ? 'timeout' : 'error'
  if (verdict.billed !== 'maybe') return writeRow(ended, NO_USAGE, outcome, fault, 'none', 0, verdict.billed)
  if (totalInput(said) !== null && said.output !== null)
    return writeRow(ended, said, outcome, fault, 'reported', costOf(said, ended.model.rev.rates), 'maybe')
  const { rev } = ended.model
  const state = call.input.models.find((m) => m.rev.id === rev.id)
  const input = Math.round(call.signals.inputTokens * rev.tokenizerRatio)
  const usage: Usage = { ...NO_USAGE, input, output: cancelled ? 0 : (state?.expectedOut ?? 0) }
  return writeRow(ended, usage, outcome, fault, 'estimated', costOf(usage, rev.rates), 'maybe')
}

export function writeRow(
  ended: EndedAttempt,
  usage: Usage,
  outcome: AttemptRow['outcome'],
  fault: Fault | null,
  usageSource: AttemptRow['usageSource'],
  costNano: number | null,
  billed: AttemptRow['billed'],
): AttemptRow {
  // Written out: what is built by a spread in its middle is slow to build and to read.
  return {
    n: ended.n,
    purpose: 'serve',
    model: ended.model.rev.id,
    modelRev: ended.model.hash,
    t0: ended.t0,
    sentMs: ended.sentMs,
    firstByteMs: ended.firstByteMs,
    endMs: ended.endMs,
    outcome,
    status: ended.status,
    errorCode: fault?.code ?? null,
    retryAfterMs: fault?.retryAfterMs ?? null,
    inputTokens: usage.input,
    cacheReadTokens: usage.cacheRead,
    cacheWrite5mTokens: usage.cacheWrite5m,
    cacheWrite1hTokens: usage.cacheWrite1h,
    outputTokens: usage.output,
    reasoningTokens: usage.reasoning,
    usageSource,
    costNano,
    billed,
    splices: ended.splices.map(withoutWords),
    losses: ended.losses,
  }
}

/** Where a body holds the conversation and its tools. */
const WORDS: ReadonlySet<unknown> = new Set(['messages', 'input', 'contents', 'system', 'systemInstruction', 'tools'])

/** Words of the conversation are kept where bodies are, and are nobody's business where these are not kept. */
function withoutWords(splice: Splice): unknown {
  if ((splice.kind !== 'set' && splice.kind !== 'insert') || !WORDS.has(splice.path?.[0])) return splice
  const { value: _, ...rest } = splice
  return rest
}
