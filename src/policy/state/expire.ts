import { release } from './budgets.js'
import { dropSpan } from './prefix-spans.js'
import type { Span, State } from './state.js'

const HOUR_MS = 3_600_000
/** A session that says nothing for this long starts anew. */
export const SESSION_TTL_MS = 7 * 24 * HOUR_MS
/** A call that was not settled for this long, a day's deadline included, has died with its process: its reservation is given back. */
export const PENDING_TTL_MS = 25 * HOUR_MS
/** A period's budget is forgotten this long after its last use; budgets without a period are kept. */
const BUDGET_TTL_MS = 40 * 24 * HOUR_MS

function isCold(span: Span, atMs: number): boolean {
  return span.children === 0 && span.marks.every((m) => m.untilMs <= atMs - HOUR_MS)
}

function expireSpans(state: State, atMs: number): void {
  for (const span of state.spans) {
    if (span.touchedMs > atMs - HOUR_MS) return
    if (isCold(span, atMs)) dropSpan(state, span)
    else {
      span.touchedMs = atMs
      state.spans.delete(span)
      state.spans.add(span)
    }
  }
}

/** Forgets what can no longer be seen. What is dropped here had expired for its readers already, except dead calls' reservations. */
export function expire(state: State, atMs: number): void {
  for (const [call, pending] of state.pending) {
    if (pending.atMs > atMs - PENDING_TTL_MS) break
    for (const r of pending.reservations) release(state, r.scope, r.amount, 0, atMs)
    state.pending.delete(call)
  }
  for (const [id, session] of state.sessions) {
    if (session.atMs > atMs - SESSION_TTL_MS) break
    state.sessions.delete(id)
  }
  for (const [scope, sum] of state.budgets) {
    if (sum.atMs > atMs - BUDGET_TTL_MS) break
    if (scope.includes('@')) state.budgets.delete(scope)
  }
  expireSpans(state, atMs)
}
