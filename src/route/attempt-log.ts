import { totalInput, type Usage } from '../canonical/index.js'
import { costOf } from '../catalog/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Delivery, EndedAttempt } from './attempt.js'
import type { DecidedCall } from './call.js'
import type { FailedAttempt, Verdict } from './judge-failure.js'
import { type PricedUsage, priceUsage } from './price-usage.js'

/** The row of an attempt whose answer, or part of it, reached the client. */
export function deliveredRow(
  call: DecidedCall,
  ended: EndedAttempt,
  delivery: Delivery,
): { readonly row: AttemptRow; readonly priced: PricedUsage } {
  const priced = priceUsage(ended.model.rev, delivery.usage, call.signals.inputTokens, delivery.outputChars)
  const row = {
    ...facts(ended),
    outcome: delivery.outcome,
    errorCode: delivery.fault?.code ?? null,
    retryAfterMs: null,
    ...tokens(priced.usage),
    usageSource: priced.source,
    costNano: priced.cost,
    billed: 'yes',
  } satisfies AttemptRow
  return { row, priced }
}

/** The row of an attempt of which the client saw nothing. One that may have been served is priced as expected. */
export function failedRow(call: DecidedCall, ended: EndedAttempt, { fault, status }: FailedAttempt, verdict: Verdict): AttemptRow {
  const maybe = verdict.billed === 'maybe'
  const state = call.input.models.find((m) => m.rev.id === ended.model.rev.id)
  const input = Math.round(call.signals.inputTokens * ended.model.rev.tokenizerRatio)
  const usage: Usage | null = maybe
    ? {
        input,
        cacheRead: null,
        cacheWrite5m: null,
        cacheWrite1h: null,
        output: fault.code === 'E_CANCELLED' ? 0 : (state?.expectedOut ?? 0),
        reasoning: null,
      }
    : null
  return {
    ...facts(ended),
    outcome: fault.code === 'E_CANCELLED' ? 'cancelled' : fault.code === 'E_UPSTREAM_TIMEOUT' && status === null ? 'timeout' : 'error',
    errorCode: fault.code,
    retryAfterMs: fault.retryAfterMs ?? null,
    ...tokens(usage),
    usageSource: maybe ? 'estimated' : 'none',
    costNano: usage === null ? 0 : costOf(usage, ended.model.rev.rates),
    billed: verdict.billed,
  }
}

function facts(ended: EndedAttempt) {
  return {
    n: ended.n,
    purpose: 'serve',
    model: ended.model.rev.id,
    modelRev: ended.model.hash,
    t0: ended.t0,
    sentMs: ended.sentMs,
    firstByteMs: ended.firstByteMs,
    endMs: ended.endMs,
    status: ended.status,
    splices: ended.splices,
    losses: ended.losses,
  } as const satisfies Partial<AttemptRow>
}

function tokens(usage: Usage | null) {
  return {
    // Prompts reported without a split are kept as plain input.
    inputTokens: usage === null || totalInput(usage) === null ? null : usage.input,
    cacheReadTokens: usage?.cacheRead ?? null,
    cacheWrite5mTokens: usage?.cacheWrite5m ?? null,
    cacheWrite1hTokens: usage?.cacheWrite1h ?? null,
    outputTokens: usage?.output ?? null,
    reasoningTokens: usage?.reasoning ?? null,
  }
}
