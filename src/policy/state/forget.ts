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
 * Upper limits, by number: a client may name a new session, or send a new conversation, with every request. A session takes about 300
 * bytes, a node of a conversation about 120, so that everything stays below 40 MB.
 */
export const MOST_SESSIONS = 20_000
export const MOST_NODES = 200_000
export const MOST_SESSION_BUDGETS = 20_000
/** Share of a limit that is left when something was forgotten because of it, so that it is not reached again with every call. */
const TARGET = 0.9
/** Mean number of looks at an entry before the rest is left for later. */
const LOOKS = 4

/**
 * Forgets what is no longer needed. Except for dead calls' reservations and excess entries, everything dropped had already expired for its
 * readers. Only past events decide what goes, so that a replay forgets the same.
 */
export function expire(state: State, atMs: number): void {
  const { sessions, budgets } = state
  expirePending(state, atMs)
  state.decisions++
  // One call may bring a hundred thousand messages.
  shedSpans(state)
  if (state.decisions % EVERY !== 0) return
  expireOld(queueOf(sessions), SESSION_TTL_MS, atMs, (session) => sessions.delete(session.key))
  expireOld(queueOf(budgets), BUDGET_TTL_MS, atMs, (sum) => hasPeriod(sum.key) && sum.reserved === 0 && budgets.delete(sum.key))
  expireOld(queueOfSpans(state), HOUR_MS, atMs, (span) => !span.marks.some((m) => m.untilMs > atMs) && dropEnd(state, span))
  shedSessions(state)
}

/** Releases reservations of calls that will never be settled. */
function expirePending(state: State, atMs: number): void {
  for (const [call, pending] of state.pending) {
    if (pending.atMs > atMs - PENDING_TTL_MS) return
    for (const r of pending.reservations) release(state, r.scope, r.amount, 0, atMs)
    state.pending.delete(call)
  }
}

/** Forgets the least recently used sessions, and their budgets, when there are too many. */
function shedSessions({ sessions, budgets }: State): void {
  if (sessions.size > MOST_SESSIONS) {
    const enough = () => sessions.size <= MOST_SESSIONS * TARGET
    shed(queueOf(sessions), enough, (session) => sessions.delete(session.key))
  }
  if (budgets.size > MOST_SESSION_BUDGETS) {
    // The ledger keeps the sums of all, and refuses what passes a limit; those of keys and profiles are as many as the configuration has.
    const enough = () => budgets.size <= MOST_SESSION_BUDGETS * TARGET
    shed(queueOf(budgets), enough, (sum) => sum.reserved === 0 && sum.key.startsWith('session:') && budgets.delete(sum.key))
  }
}

/** Forgets the least recently used ends of conversations in the same way: a provider's cache of them then counts as cold. */
function shedSpans(state: State): void {
  const { nodes } = state
  if (nodes.size <= MOST_NODES) return
  shed(
    queueOfSpans(state),
    () => nodes.size <= MOST_NODES * TARGET,
    (span) => dropEnd(state, span),
  )
}

/** Drops a span unless others continue it. */
function dropEnd(state: State, span: Span): boolean {
  if (span.children > 0) return false
  dropSpan(state, span)
  return true
}

/** Entries in the order in which they were queued. */
interface Queue<T> {
  readonly entries: Iterable<T>
  readonly size: number
  /** Moves an entry to the end. */
  requeue(entry: T): void
}

function queueOf<T extends { readonly key: string }>(map: Map<string, T>): Queue<T> {
  return {
    entries: map.values(),
    size: map.size,
    requeue(entry) {
      map.delete(entry.key)
      map.set(entry.key, entry)
    },
  }
}

function queueOfSpans({ spans }: State): Queue<Span> {
  return {
    entries: spans,
    size: spans.size,
    requeue(span) {
      spans.delete(span)
      spans.add(span)
    },
  }
}

/**
 * Goes through a queue as far as entries can be too old. One used since it was queued goes back to the end, so nothing moves on use and each
 * entry is looked at once per lifetime. `drop` may refuse; the entry then waits another lifetime.
 */
function expireOld<T extends Queued>({ entries, requeue }: Queue<T>, ttlMs: number, atMs: number, drop: (entry: T) => boolean): void {
  for (const entry of entries) {
    if (entry.queuedMs > atMs - ttlMs) return
    const isOld = entry.touchedMs <= atMs - ttlMs
    if (isOld && drop(entry)) continue
    entry.queuedMs = isOld ? atMs : entry.touchedMs
    requeue(entry)
  }
}

/** Drops entries, the oldest first, until it is `enough`. One that was used since it was queued goes to the end, and so does one that may not go. */
function shed<T extends Queued>({ entries, size, requeue }: Queue<T>, enough: () => boolean, drop: (entry: T) => boolean): void {
  let looks = size * LOOKS
  for (const entry of entries) {
    if (looks-- <= 0 || enough()) return
    const used = entry.touchedMs > entry.queuedMs
    if (!used && drop(entry)) continue
    entry.queuedMs = Math.max(entry.queuedMs, entry.touchedMs)
    requeue(entry)
  }
}
