import { parseList } from '../lists.js'
import type { Names } from '../names.js'
import type { CallRow } from '../rows.js'
import type { CallStatus } from '../types.js'

/** Columns in the order that `callFromRow` reads them: by position, since rows as objects take more than twice as long to list. */
export const CALL_COLUMNS = `c.seq, c.id, c.status, c.decided_at, c.settled_at, c.source,
  (SELECT key FROM session WHERE n = c.session), c.turn, c.parent_call, c.retry_of,
  c.side_kind, c.client, c.key, c.tier, c.tags, c.mode, c.format, c.profile, c.requested_model, c.chosen, c.baseline, c.task,
  c.complexity, c.difficulty, c.input_estimate, c.stream, c.rule, c.reason, c.model, c.attempts, c.input_tokens,
  c.cache_read_tokens, c.cache_write_tokens, c.output_tokens, c.reasoning_tokens, c.cost_nano, c.baseline_cost_nano,
  c.shadow_cost_nano, c.ttft_ms, c.latency_ms, c.http_status, c.error`

type Count = number | null
/** One row of `CALL_COLUMNS`; numbers of names where a word is meant. */
type CallTuple = readonly [
  ...[seq: number, id: string, status: number, decidedAt: number, settledAt: Count, source: Count, session: string | null],
  ...[turn: number, parent: string | null, retryOf: string | null, side: Count, client: number, key: Count, tier: Count],
  ...[tags: string | null, mode: number, format: number, profile: number, requested: number, chosen: Count, baseline: Count],
  ...[task: number, complexity: number, difficulty: number, estimate: number, stream: number, rule: Count, reason: string],
  ...[model: Count, attempts: number, input: Count, cacheRead: Count, cacheWrite: Count, output: Count, reasoning: Count],
  ...[cost: Count, baselineCost: Count, shadowCost: Count, ttft: Count, latency: Count, http: Count, error: string | null],
]

export function callFromRow(row: readonly unknown[], names: Names): CallRow {
  const r = row as CallTuple
  const { text, textOrNull } = names
  return {
    seq: r[0],
    id: r[1],
    status: text(r[2]) as CallStatus,
    decidedAtMs: r[3],
    settledAtMs: r[4],
    source: textOrNull(r[5]),
    session: r[6],
    turn: r[7],
    parentCall: r[8],
    retryOf: r[9],
    sideKind: textOrNull(r[10]),
    client: text(r[11]),
    key: textOrNull(r[12]),
    tier: textOrNull(r[13]),
    tags: parseList(r[14]) as readonly string[],
    mode: text(r[15]) as CallRow['mode'],
    format: text(r[16]),
    profile: text(r[17]),
    requestedModel: text(r[18]),
    chosen: textOrNull(r[19]),
    baseline: textOrNull(r[20]),
    task: text(r[21]),
    complexity: text(r[22]),
    difficulty: r[23],
    inputTokensEstimate: r[24],
    stream: r[25] === 1,
    rule: textOrNull(r[26]),
    reason: r[27],
    model: textOrNull(r[28]),
    attempts: r[29],
    inputTokens: r[30],
    cacheReadTokens: r[31],
    cacheWriteTokens: r[32],
    outputTokens: r[33],
    reasoningTokens: r[34],
    costNano: r[35],
    baselineCostNano: r[36],
    shadowCostNano: r[37],
    ttftMs: r[38],
    latencyMs: r[39],
    httpStatus: r[40],
    error: r[41],
  }
}
