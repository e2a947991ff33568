import type { Nano } from '../kit/index.js'
import { type CallRow, promptTokens } from '../ledger/index.js'
import type { SpanSums } from './spend-sums.js'

export interface ModelLine {
  readonly model: string
  readonly calls: number
  readonly costNano: Nano
  readonly breaker: 'closed' | 'half-open' | 'open' | null
}

/** Everything one frame shows, read at one moment. */
export interface Snapshot {
  readonly nowMs: number
  /** Newest first. */
  readonly calls: readonly CallLine[]
  readonly today: SpanSums
  readonly month: SpanSums
  /** Names of the baselines that calls were compared with. */
  readonly baselines: readonly string[]
  readonly callsPerMinute: number
  /** Milliseconds from the request's arrival until it went out to a model. */
  readonly overhead: { readonly p50Ms: number | null; readonly p95Ms: number | null }
  readonly models: readonly ModelLine[]
  /** Spend per hour, oldest first, ending with the current hour. */
  readonly trend: readonly Nano[]
  readonly sessions: readonly SessionLine[]
  readonly daemon: { readonly url: string; readonly profile: string; readonly sandbox: boolean; readonly pool: number } | null
}

export type CallLine = Readonly<ReturnType<typeof callLine>>

/** `costNotional`: the client's own credential paid. */
export function callLine(row: CallRow, costNotional: boolean) {
  return {
    seq: row.seq,
    id: row.id,
    startedAtMs: row.decidedAtMs,
    status: row.status,
    client: row.client,
    session: row.session,
    turn: row.turn,
    profile: row.profile,
    /** The one that answered, or the chosen one while it runs. */
    model: row.model ?? row.chosen,
    task: row.task,
    complexity: row.complexity,
    difficulty: row.difficulty,
    costNano: row.costNano,
    costNotional,
    baseline: row.baseline,
    baselineCostNano: row.baselineCostNano,
    ttftMs: row.ttftMs,
    latencyMs: row.latencyMs,
    /** All prompt tokens, and those of them that came from a cache. */
    promptTokens: promptTokens(row) ?? 0,
    cachedTokens: row.cacheReadTokens,
    outputTokens: row.outputTokens,
    attempts: row.attempts,
    reason: row.reason,
    error: row.error,
  }
}

export type SessionLine = ReturnType<typeof sessionsOf>[number]

/** Sessions of the newest calls, latest first. Warmth is that of the session's last call whose tokens are known. */
export function sessionsOf(calls: readonly CallLine[]) {
  const sessions = new Map<string, ReturnType<typeof lineOf>>()
  for (const call of calls) {
    if (call.session === null) continue
    const own = lineOf(call.session, call)
    const known = sessions.get(call.session)
    const joined = known && { ...known, costNano: known.costNano + own.costNano, warmth: known.warmth ?? own.warmth }
    sessions.set(call.session, joined ?? own)
  }
  return [...sessions.values()]
}

function lineOf(session: string, { client, turn, model, startedAtMs, costNotional, costNano, cachedTokens, promptTokens }: CallLine) {
  return {
    session,
    client,
    turns: turn,
    model,
    lastAtMs: startedAtMs,
    costNano: costNotional ? 0 : (costNano ?? 0),
    /** Share of the last calls' prompt tokens that were read from a cache; null when not reported. */
    warmth: cachedTokens === null || promptTokens === 0 ? null : cachedTokens / promptTokens,
  }
}
