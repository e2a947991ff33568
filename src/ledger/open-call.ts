import type { Budgets } from './budgets.js'
import { packDigest } from './digests.js'
import type { InFlight } from './in-flight.js'
import { jsonOrNull } from './lists.js'
import type { Names } from './names.js'
import type { Db } from './native.js'
import type { Once } from './once.js'
import { type Head, packHead } from './packed/head.js'
import { openWriter } from './packed/writer.js'
import type { Sessions } from './sessions.js'
import type { CallOpen } from './types.js'
import type { Prefixes } from './write-prefixes.js'

export interface OpenCallParts {
  readonly names: Names
  readonly sessions: Sessions
  readonly policies: Once
  readonly budgets: Budgets
  readonly inFlight: InFlight
  readonly prefixes: Prefixes
  readonly nextSeq: () => number
  /** Number of the run that writes; null before `startRun` and for imports. */
  readonly run: () => number | null
}

/** Writes the row of a call that was just decided, with everything the decision was made from. Call inside a transaction. */
export function prepareOpenCall(db: Db, parts: OpenCallParts): (call: CallOpen) => number {
  const { budgets, inFlight, nextSeq } = parts
  const writer = openWriter()
  const find = db.prepare<[string], number>('SELECT seq FROM call WHERE id = ?').pluck()
  const insertCall = db.prepare(`INSERT INTO call(
    seq, id, run, decided_at, status, source, session, turn, parent_call, retry_of, side_kind, client, key, tier, tags, mode, format,
    profile, requested_model, chosen, baseline, task, complexity, difficulty, input_estimate, stream, rule, reason)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING`)
  const insertDecision = db.prepare(`INSERT INTO decision(
    seq, tz_min, policy, classifier, prefix_leaf, breakpoints, limit_tokens, reservations, state_hash, signals, input, plan, head)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)

  return (call) => {
    const seq = nextSeq()
    const h = headOf(call, parts, parts.prefixes.write(call.prefixes))
    const { changes } = insertCall.run(
      ...[seq, h.id, h.run, h.decidedAt, h.source, h.session, h.turn, call.parentCall, call.retryOf, h.sideKind, h.client, h.key],
      ...[h.tier, h.tags, h.mode, parts.names.id(call.format), h.profile, h.requestedModel, h.chosen, h.baseline, h.task],
      ...[h.complexity, call.difficulty, h.estimate, h.stream, h.rule, call.reason],
    )
    // A spool that is loaded twice opens its calls twice.
    if (changes === 0) return find.get(call.id) ?? 0
    budgets.reserve(seq, call.reservations)
    insertDecision.run(
      ...[seq, h.tzMin, h.policy, h.classifier, h.prefixLeaf, h.breakpoints, h.limit, h.reservations, h.stateHash],
      ...[call.signals, call.input, call.plan, packHead(writer, h)],
    )
    const { source, task, complexity, profile, rule, client, key } = h
    const dimensions = { source, model: null, task, complexity, profile, rule, client, key }
    inFlight.opened(call.id, { seq, seq_settled: null, decided_at: h.decidedAt, ...dimensions, reserved: call.reservations.length > 0 })
    return seq
  }
}

function headOf(call: CallOpen, { names, sessions, policies, run }: OpenCallParts, prefixLeaf: number | null): Head {
  return {
    id: call.id,
    decidedAt: call.decidedAtMs,
    tzMin: call.tzMin,
    run: run(),
    source: names.idOrNull(call.source ?? null),
    session: sessions.number(call.session),
    turn: call.turn,
    sideKind: names.idOrNull(call.sideKind),
    client: names.id(call.client),
    key: names.idOrNull(call.key),
    tier: names.idOrNull(call.tier),
    tags: jsonOrNull(call.tags),
    mode: names.id(call.mode),
    profile: names.id(call.profile),
    requestedModel: names.id(call.requestedModel),
    chosen: names.idOrNull(call.chosen),
    baseline: names.idOrNull(call.baseline),
    rule: names.idOrNull(call.rule),
    task: names.id(call.task),
    complexity: names.id(call.complexity),
    estimate: Math.round(call.inputTokensEstimate),
    stream: call.stream ? 1 : 0,
    policy: policies.number(call.policyHash),
    classifier: names.id(call.classifierHash),
    prefixLeaf,
    breakpoints: jsonOrNull(call.breakpoints),
    limit: call.limit,
    reservations: jsonOrNull(call.reservations),
    stateHash: packDigest(call.stateHash),
    signals: call.signals.length,
    input: call.input.length,
    plan: call.plan.length,
  }
}
