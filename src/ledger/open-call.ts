import type { Budgets } from './budgets.js'
import { packDigest } from './digests.js'
import type { Names } from './names.js'
import type { Db } from './native.js'
import type { Once } from './once.js'
import type { CallOpen } from './types.js'
import { prepareWritePrefixes } from './write-prefixes.js'

export interface OpenCallParts {
  readonly names: Names
  readonly policies: Once
  readonly budgets: Budgets
  readonly nextSeq: () => number
  /** Number of the run that writes; null before `startRun` and for imports. */
  readonly run: () => number | null
}

/** Writes the row of a call that was just decided, with everything the decision was made from. Call inside a transaction. */
export function prepareOpenCall(db: Db, parts: OpenCallParts): (call: CallOpen) => number {
  const { names, policies, budgets, nextSeq, run } = parts
  const writePrefixes = prepareWritePrefixes(db)
  const find = db.prepare<[string], number>('SELECT seq FROM call WHERE id = ?').pluck()
  const insertCall = db.prepare(`INSERT INTO call(
    seq, id, run, decided_at, status, source, session, turn, parent_call, retry_of, side_kind, client, key, tier, tags, mode, format,
    profile, requested_model, chosen, baseline, task, complexity, difficulty, input_estimate, stream, rule, reason)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertDecision = db.prepare(`INSERT INTO decision(
    seq, tz_min, policy, classifier, prefix_leaf, breakpoints, limit_tokens, reservations, state_hash, signals, input, plan)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)

  return (call) => {
    const earlier = find.get(call.id)
    if (earlier !== undefined) return earlier
    const seq = nextSeq()
    budgets.reserve(seq, call.reservations)
    insertCall.run(
      ...[seq, call.id, run(), call.decidedAtMs, names.idOrNull(call.source ?? null), call.session, call.turn, call.parentCall],
      ...[call.retryOf, names.idOrNull(call.sideKind), names.id(call.client), names.idOrNull(call.key), names.idOrNull(call.tier)],
      ...[jsonOrNull(call.tags), names.id(call.mode), names.id(call.format), names.id(call.profile), names.id(call.requestedModel)],
      ...[names.idOrNull(call.chosen), names.idOrNull(call.baseline), names.id(call.task), names.id(call.complexity), call.difficulty],
      ...[call.inputTokensEstimate, call.stream ? 1 : 0, names.idOrNull(call.rule), call.reason],
    )
    insertDecision.run(
      ...[seq, call.tzMin, policies.number(call.policyHash), names.id(call.classifierHash), writePrefixes(call.prefixes)],
      ...[jsonOrNull(call.breakpoints), call.limit, jsonOrNull(call.reservations), packDigest(call.stateHash)],
      ...[call.signals, call.input, call.plan],
    )
    return seq
  }
}

/** Empty lists take no room: they are NULL in the file. */
export function jsonOrNull(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list)
}
