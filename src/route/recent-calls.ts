import { forgetOldest } from '../kit/index.js'

/** A client's own retries come within this time; later, the same words are a new question. */
const RETRY_MS = 120_000
const MOST_SESSIONS = 10_000

interface Last {
  readonly call: string
  readonly leaf: string
  readonly atMs: number
  answered: boolean
}

export type RecentCalls = ReturnType<typeof createRecentCalls>

/** The latest calls, so that a retry or the next turn of a session can be linked to an earlier call. */
export function createRecentCalls() {
  const sessions = new Map<string, Last>()
  return {
    /** The call that this one follows in its session; null when there is none. */
    before: (session: string): string | null => sessions.get(session)?.call ?? null,
    /** The call of which this one is a retry: the same conversation without an answer, sent again shortly after. Null when there is none. */
    retried(session: string, leaf: string, nowMs: number): string | null {
      const last = sessions.get(session)
      return last !== undefined && !last.answered && last.leaf === leaf && nowMs - last.atMs < RETRY_MS ? last.call : null
    },
    note(call: string, session: string, leaf: string, atMs: number): void {
      sessions.delete(session)
      sessions.set(session, { call, leaf, atMs, answered: false })
      forgetOldest(sessions, MOST_SESSIONS)
    },
    /** The client has its answer: its next request is not a retry, however similar. */
    answered(call: string, session: string): void {
      const last = sessions.get(session)
      if (last?.call === call) last.answered = true
    },
  }
}
