import { usdFromNano } from '../../kit/index.js'
import { type CallRow, promptTokens } from '../rows.js'
import type { AttemptRow } from '../types.js'

/** A call as `log --json`, `export` and the daemon's API show it. USD as numbers, unknown as null, times ISO 8601. */
export function callJson(row: CallRow) {
  return {
    id: row.id,
    startedAt: new Date(row.decidedAtMs).toISOString(),
    status: row.status,
    client: row.client,
    sessionId: row.session,
    turn: row.turn,
    profile: row.profile,
    requestedModel: row.requestedModel,
    mode: row.mode,
    /** First model of the plan. */
    chosen: row.chosen,
    /** Model that answered. */
    model: row.model,
    task: row.task,
    complexity: row.complexity,
    difficulty: row.difficulty,
    stream: row.stream,
    attempts: row.attempts,
    /** All prompt tokens; cached ones and cache writes are part of them. */
    inputTokens: promptTokens(row),
    cachedInputTokens: row.cacheReadTokens,
    cacheWriteTokens: row.cacheWriteTokens,
    /** All generated tokens, reasoning included. */
    outputTokens: row.outputTokens,
    reasoningTokens: row.reasoningTokens,
    costUsd: usdFromNano(row.costNano),
    baseline: row.baseline,
    baselineCostUsd: usdFromNano(row.baselineCostNano),
    ttftMs: row.ttftMs,
    latencyMs: row.latencyMs,
    rule: row.rule,
    reason: row.reason,
    tags: row.tags,
    source: row.source,
    error: row.error,
  }
}

export type CallJson = Readonly<ReturnType<typeof callJson>>

/** One try of one model, in the same manner; times after its start in milliseconds. */
export function attemptJson({ t0, costNano, modelRev: _rev, ...rest }: AttemptRow) {
  return { ...rest, startedAt: new Date(t0).toISOString(), costUsd: usdFromNano(costNano) }
}
