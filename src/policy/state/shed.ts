import { dropSpan } from './prefix-spans.js'
import type { Queued, State } from './state.js'

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
export function shedSessions({ sessions, budgets }: State): void {
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
export function shedSpans(state: State): void {
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
