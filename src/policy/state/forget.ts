import { HOUR_MS } from '../../kit/index.js'
import { hasPeriod, release } from './budgets.js'
import { dropSpan } from './prefix-spans.js'
import type { Queued, Span, State } from './state.js'

/** A session that is silent for this long starts again. */
export const SESSION_TTL_MS = 7 * 24 * HOUR_MS
/** A call not settled for this long, including a day's deadline, has died with its process: its reservation is released. */
const PENDING_TTL_MS = 25 * HOUR_MS
/** A period's budget is forgotten this long after its last use. */
const BUDGET_TTL_MS = 40 * 24 * HOUR_MS
/** Sweeping is looked into once in so many decisions. */
const EVERY = 64

/**
 * Goes through entries in the order they were queued, as far as any can be too old. An entry used since goes back to the end, so nothing
 * moves on use and each entry is looked at once per lifetime. `drop` may refuse; the entry then waits another lifetime.
 */
function sweep<T extends Queued>(
  entries: Iterable<T>,
  ttlMs: number,
  atMs: number,
  requeue: (entry: T) => void,
  drop: (entry: T) => boolean,
): void {
  for (const entry of entries) {
    if (entry.queuedMs > atMs - ttlMs) return
    const isOld = entry.touchedMs <= atMs - ttlMs
    if (isOld && drop(entry)) continue
    entry.queuedMs = isOld ? atMs : entry.touchedMs
    requeue(entry)
  }
}

function sweepSpans(state: State, atMs: number): void {
  const { spans } = state
  const requeue = (span: Span) => {
    spans.delete(span)
    spans.add(span)
  }
  sweep(spans, HOUR_MS, atMs, requeue, (span) => {
    if (span.children > 0 || span.marks.some((m) => m.untilMs > atMs)) return false
    dropSpan(state, span)
    return true
  })
}

function sweepMap<T extends Queued & { readonly key: string }>(
  map: Map<string, T>,
  ttlMs: number,
  atMs: number,
  mayDrop: (entry: T) => boolean,
): void {
  const requeue = (entry: T) => {
    map.delete(entry.key)
    map.set(entry.key, entry)
  }
  sweep(map.values(), ttlMs, atMs, requeue, (entry) => mayDrop(entry) && map.delete(entry.key))
}

/** Releases reservations of calls that will never be settled. */
function expirePending(state: State, atMs: number): void {
  for (const [call, pending] of state.pending) {
    if (pending.atMs > atMs - PENDING_TTL_MS) return
    for (const r of pending.reservations) release(state, r.scope, r.amount, 0, atMs)
    state.pending.delete(call)
  }
}

/**
 * Forgets what is no longer needed. Except for dead calls' reservations and excess entries, everything dropped had already expired for its
 * readers.
 */
export function expire(state: State, atMs: number): void {
  expirePending(state, atMs)
  state.decisions++
  // One call may bring a hundred thousand messages.
  shedSpans(state)
  if (state.decisions % EVERY !== 0) return
  sweepMap(state.sessions, SESSION_TTL_MS, atMs, () => true)
  sweepMap(state.budgets, BUDGET_TTL_MS, atMs, (sum) => hasPeriod(sum.key) && sum.reserved === 0)
  sweepSpans(state, atMs)
  shedSessions(state)
}

/**
 * Upper limits, by number: a client may name a new session, or send a new conversation, with every request. A session takes about 300
 * bytes, a node of a conversation about 120, so that everything stays below 40 MB.
 */
export const MOST_SESSIONS = 20_000
export const MOST_NODES = 200_000
export const MOST_SESSION_BUDGETS = 20_000

/** Space freed beyond the limit, so that shedding does not start again with every call. */
const TARGET = 0.9
/** Mean number of looks at an entry before the rest is left for later. */
const LOOKS = 4

/**
 * Forgets the least recently used sessions when there are too many. Only past events decide which, so that a replay forgets the same ones.
 */
function shedSessions({ sessions, budgets }: State): void {
  if (sessions.size > MOST_SESSIONS) {
    oldestFirst(
      sessions.values(),
      sessions.size,
      (session) => sessions.delete(session.key),
      (session) => sessions.delete(session.key) && sessions.set(session.key, session),
      () => sessions.size <= MOST_SESSIONS * TARGET,
    )
  }
  if (budgets.size > MOST_SESSION_BUDGETS) {
    // The ledger keeps the sums of all, and refuses what passes a limit; those of keys and profiles are as many as the configuration has.
    oldestFirst(
      budgets.values(),
      budgets.size,
      (sum) => sum.reserved === 0 && sum.key.startsWith('session:') && budgets.delete(sum.key),
      (sum) => budgets.delete(sum.key) && budgets.set(sum.key, sum),
      () => budgets.size <= MOST_SESSION_BUDGETS * TARGET,
    )
  }
}

/** Forgets the least recently used ends of conversations in the same way: a provider's cache of them then counts as cold. */
function shedSpans(state: State): void {
  const { spans, nodes } = state
  if (nodes.size <= MOST_NODES) return
  oldestFirst(
    spans,
    spans.size,
    (span) => {
      if (span.children > 0) return false
      dropSpan(state, span)
      return true
    },
    (span) => spans.delete(span) && spans.add(span),
    () => nodes.size <= MOST_NODES * TARGET,
  )
}

/** In the order of the queue; one that was used since it was queued goes to the end, and so does one that may not go. */
function oldestFirst<T extends Queued>(
  entries: Iterable<T>,
  size: number,
  drop: (entry: T) => boolean,
  requeue: (entry: T) => unknown,
  enough: () => boolean,
): void {
  let looks = size * LOOKS
  for (const entry of entries) {
    if (looks-- <= 0 || enough()) return
    const used = entry.touchedMs > entry.queuedMs
    if (!used && drop(entry)) continue
    entry.queuedMs = Math.max(entry.queuedMs, entry.touchedMs)
    requeue(entry)
  }
}
