import { attemptOf } from '../attempts.js'
import { parseList } from '../columns.js'
import { unpackDigest } from '../digests.js'
import type { HeadColumns } from '../packed/head.js'
import type { Settlement } from '../packed/settlement.js'
import type { CallStatus, Reservation } from '../types.js'
import type { ReplayParts } from './read-page.js'
import type { ReplayDecided, ReplaySettled } from './replay-events.js'

/** Words for numbers. Written out field by field: it runs once for every call of a replay. */
export function decidedEvent(
  seq: number,
  h: HeadColumns,
  blobs: { readonly signals: Buffer; readonly input: Buffer; readonly plan: Buffer },
  { names, sessionKey, policies, engines }: ReplayParts,
): ReplayDecided {
  return {
    kind: 'decided',
    seq,
    folded: false,
    id: h.id,
    atMs: h.decidedAt,
    tzMin: h.tzMin,
    engine: h.run === null ? null : (engines.get(h.run) ?? null),
    source: names.textOrNull(h.source),
    session: sessionKey(h.session),
    turn: h.turn,
    sideKind: names.textOrNull(h.sideKind),
    client: names.text(h.client),
    key: names.textOrNull(h.key),
    tier: names.textOrNull(h.tier),
    tags: parseList(h.tags) as readonly string[],
    mode: names.text(h.mode) as ReplayDecided['mode'],
    profile: names.text(h.profile),
    requestedModel: names.text(h.requestedModel),
    chosen: names.textOrNull(h.chosen),
    baseline: names.textOrNull(h.baseline),
    rule: names.textOrNull(h.rule),
    task: names.text(h.task),
    complexity: names.text(h.complexity),
    inputTokensEstimate: h.estimate,
    stream: h.stream === 1,
    policyHash: policies.hash(h.policy),
    classifierHash: names.text(h.classifier),
    prefixLeaf: h.prefixLeaf,
    breakpoints: parseList(h.breakpoints) as readonly number[],
    limit: h.limit,
    reservations: parseList(h.reservations) as readonly Reservation[],
    stateHash: unpackDigest(h.stateHash),
    signals: blobs.signals,
    input: blobs.input,
    plan: blobs.plan,
  }
}

export function settledEvent(call: number, s: Settlement, { names, modelRevs }: ReplayParts): ReplaySettled {
  return {
    kind: 'settled',
    seq: s.seq,
    call,
    atMs: s.settledAt,
    status: names.text(s.status) as CallStatus,
    model: names.textOrNull(s.model),
    costNano: s.costNano,
    baselineCostNano: s.baselineCostNano,
    ttftMs: s.ttftMs,
    latencyMs: s.latencyMs,
    attempts: s.attempts.map((a) => attemptOf(a, names, modelRevs)),
  }
}
