import { usdFromNano } from '../kit/index.js'
import { type CallRow, promptTokens } from './rows.js'
import type { AttemptRow } from './types.js'

/** A call as `log --json`, `export` and the daemon's API show it. USD as numbers, unknown as null, times ISO 8601. */
export interface CallJson {
  readonly id: string
  readonly startedAt: string
  readonly status: CallRow['status']
  readonly client: string
  readonly sessionId: string | null
  readonly turn: number
  readonly profile: string
  readonly requestedModel: string
  readonly mode: CallRow['mode']
  /** First model of the plan. */
  readonly chosen: string | null
  /** Model that answered. */
  readonly model: string | null
  readonly task: string
  readonly complexity: string
  readonly difficulty: number
  readonly stream: boolean
  readonly attempts: number
  /** All prompt tokens; cached ones and cache writes are part of them. */
  readonly inputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly cacheWriteTokens: number | null
  /** All generated tokens, reasoning included. */
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly costUsd: number | null
  readonly baseline: string | null
  readonly baselineCostUsd: number | null
  readonly ttftMs: number | null
  readonly latencyMs: number | null
  readonly rule: string | null
  readonly reason: string
  readonly tags: readonly string[]
  readonly source: string | null
  readonly error: string | null
}

export function callJson(row: CallRow): CallJson {
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
    chosen: row.chosen,
    model: row.model,
    task: row.task,
    complexity: row.complexity,
    difficulty: row.difficulty,
    stream: row.stream,
    attempts: row.attempts,
    inputTokens: promptTokens(row),
    cachedInputTokens: row.cacheReadTokens,
    cacheWriteTokens: row.cacheWriteTokens,
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

/** One try of one model, in the same manner; times after its start in milliseconds. */
export interface AttemptJson extends Omit<AttemptRow, 't0' | 'costNano' | 'modelRev'> {
  readonly startedAt: string
  readonly costUsd: number | null
}

export function attemptJson({ t0, costNano, modelRev: _rev, ...rest }: AttemptRow): AttemptJson {
  return { ...rest, startedAt: new Date(t0).toISOString(), costUsd: usdFromNano(costNano) }
}
