import { totalInput } from '../../canonical/index.js'
import { costOf } from '../../catalog/index.js'
import type { AttemptRow, CallSettle } from '../../ledger/index.js'
import type { LoggedModel } from './resolve-logged-model.js'
import type { UnderstoodCall } from './understand-history.js'

/** How a logged call really went, at the catalog's rates; at the other tool's logged cost where these are unknown. */
export function settleLogged(call: UnderstoodCall, { rev, hash }: LoggedModel): CallSettle {
  const { usage, status, atMs, error } = call
  // An end before its beginning is a clock that was set, and says nothing.
  const latencyMs = call.endMs === null || call.endMs < atMs ? null : call.endMs - atMs
  // A failure without logged tokens was not billed.
  const failed = status === 'error' && totalInput(usage) === null && usage.output === null ? 0 : null
  const costNano = costOf(usage, rev.rates) ?? call.costNano ?? failed
  const attempt: AttemptRow = {
    n: 1,
    purpose: 'serve',
    model: rev.id,
    modelRev: hash,
    t0: atMs,
    sentMs: null,
    firstByteMs: call.ttftMs,
    endMs: latencyMs,
    outcome: status,
    status: null,
    errorCode: null,
    retryAfterMs: null,
    inputTokens: usage.input,
    cacheReadTokens: usage.cacheRead,
    cacheWrite5mTokens: usage.cacheWrite5m,
    cacheWrite1hTokens: usage.cacheWrite1h,
    outputTokens: usage.output,
    reasoningTokens: usage.reasoning,
    usageSource: totalInput(usage) === null ? 'none' : 'reported',
    costNano,
    billed: status === 'ok' ? 'yes' : 'maybe',
    splices: [],
    losses: [],
  }
  return {
    id: call.id,
    settledAtMs: atMs + (latencyMs ?? 0),
    status,
    model: status === 'ok' ? rev.id : null,
    attempts: [attempt],
    costNano,
    baselineCostNano: costNano,
    ttftMs: call.ttftMs,
    latencyMs,
    error,
    httpStatus: status === 'ok' ? 200 : 0,
  }
}
