import { type CallRow, promptTokens } from '../ledger/index.js'
import type { CallLine } from './snapshot.js'

export function callLine(row: CallRow, costNotional: boolean): CallLine {
  return {
    seq: row.seq,
    id: row.id,
    startedAtMs: row.decidedAtMs,
    status: row.status,
    client: row.client,
    session: row.session,
    turn: row.turn,
    profile: row.profile,
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
    promptTokens: promptTokens(row) ?? 0,
    cachedTokens: row.cacheReadTokens,
    outputTokens: row.outputTokens,
    attempts: row.attempts,
    reason: row.reason,
    error: row.error,
  }
}
