import { unpackDigest } from './digests.js'
import { parseList } from './list-calls.js'
import type { Names } from './names.js'
import type { Once } from './once.js'
import type { ReplayDecided, ReplayOutcome, ReplaySettled } from './replay-events.js'
import type { AttemptRow, CallStatus, Reservation } from './types.js'

export interface ReplayParts {
  readonly names: Names
  readonly policies: Once
  readonly modelRevs: Once
}

/** Columns of calls with their decisions, in the order of `DecisionTuple`. */
export const DECISION_COLUMNS = `c.seq, c.seq_settled, c.id, c.run, c.decided_at, c.settled_at, c.status, c.source, c.session, c.turn,
  c.side_kind, c.client, c.key, c.tier, c.tags, c.mode, c.profile, c.requested_model, c.chosen, c.baseline, c.rule, c.task,
  c.complexity, c.input_estimate, c.stream, c.model, c.cost_nano, c.baseline_cost_nano, c.ttft_ms, c.latency_ms, d.tz_min,
  d.policy, d.classifier, d.prefix_leaf, d.breakpoints, d.limit_tokens, d.reservations, d.state_hash, d.signals, d.input, d.plan`

type Count = number | null
/** Numbers of names where a word is meant. */
export type DecisionTuple = readonly [
  ...[seq: number, seqSettled: Count, id: string, run: Count, decidedAt: number, settledAt: Count, status: number, source: Count],
  ...[session: string | null, turn: number, side: Count, client: number, key: Count, tier: Count, tags: string | null, mode: number],
  ...[profile: number, requested: number, chosen: Count, baseline: Count, rule: Count, task: number, complexity: number],
  ...[estimate: number, stream: number, model: Count, cost: Count, baselineCost: Count, ttft: Count, latency: Count, tzMin: number],
  ...[policy: number, classifier: number, prefixLeaf: Count, breakpoints: string | null, limit: Count, reservations: string | null],
  ...[stateHash: Buffer | string, signals: Buffer, input: Buffer, plan: Buffer],
]

export const OUTCOME_COLUMNS = 'o.seq, o.call, o.kind, o.value, o.at'
export type OutcomeTuple = readonly [seq: number, call: number, kind: number, value: Count, at: number]

export function decidedFromRow(r: DecisionTuple, engines: ReadonlyMap<number, number>, { names, policies }: ReplayParts): ReplayDecided {
  const { text, textOrNull } = names
  return {
    kind: 'decided',
    seq: r[0],
    id: r[2],
    engine: r[3] === null ? null : (engines.get(r[3]) ?? null),
    atMs: r[4],
    source: textOrNull(r[7]),
    session: r[8],
    turn: r[9],
    sideKind: textOrNull(r[10]),
    client: text(r[11]),
    key: textOrNull(r[12]),
    tier: textOrNull(r[13]),
    tags: parseList(r[14]) as readonly string[],
    mode: text(r[15]) as ReplayDecided['mode'],
    profile: text(r[16]),
    requestedModel: text(r[17]),
    chosen: textOrNull(r[18]),
    baseline: textOrNull(r[19]),
    rule: textOrNull(r[20]),
    task: text(r[21]),
    complexity: text(r[22]),
    inputTokensEstimate: r[23],
    stream: r[24] === 1,
    tzMin: r[30],
    policyHash: policies.hash(r[31]),
    classifierHash: text(r[32]),
    prefixLeaf: r[33],
    breakpoints: parseList(r[34]) as readonly number[],
    limit: r[35],
    reservations: parseList(r[36]) as readonly Reservation[],
    stateHash: unpackDigest(r[37]),
    signals: r[38],
    input: r[39],
    plan: r[40],
  }
}

/** The end of a call, or null while it has none; its attempts are filled in when their rows have been read. */
export function settledFromRow(r: DecisionTuple, names: Names): (ReplaySettled & { attempts: readonly AttemptRow[] }) | null {
  if (r[1] === null) return null
  return {
    kind: 'settled',
    seq: r[1],
    call: r[0],
    atMs: r[5] ?? r[4],
    status: names.text(r[6]) as CallStatus,
    model: names.textOrNull(r[25]),
    costNano: r[26],
    baselineCostNano: r[27],
    ttftMs: r[28],
    latencyMs: r[29],
    attempts: [],
  }
}

export function outcomeFromRow(r: OutcomeTuple, names: Names): ReplayOutcome {
  return { kind: 'outcome', seq: r[0], call: r[1], outcome: names.text(r[2]), value: r[3], atMs: r[4] }
}
