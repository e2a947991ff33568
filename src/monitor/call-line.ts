import { type CallRow, promptTokens } from '../ledger/index.js'

/** One call as the monitor shows it. */
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
