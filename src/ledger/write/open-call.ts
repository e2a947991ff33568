import { pack } from '../../kit/index.js'
import { jsonOrNull } from '../columns.js'
import type { Db } from '../database/native.js'
import { packDigest } from '../digests.js'
import { HEAD, type Head } from '../packed/head.js'
import type { Tables } from '../tables.js'
import type { CallOpen, CallSettle } from '../types.js'
import { END_COLUMNS, NOT_ENDED, type SettleCall } from './settle-call.js'

interface OpenCallParts {
  readonly tables: Tables
  readonly settleCall: SettleCall
  /** Number of the run that writes; null before `startRun` and for imports. */
  readonly run: () => number | null
}

/**
 * Writes the row of a call that was just decided, with everything the decision was made from, and of one that has ended already (`ended`) how
 * it did. Call inside a transaction.
 */
export function prepareOpenCall(db: Db, parts: OpenCallParts): (call: CallOpen, ended?: CallSettle) => number {
  const { tables, settleCall } = parts
  const { names, budgets, inFlight, prefixes, sequence } = tables
  const columns: readonly string[] = [...OPEN_COLUMNS, ...END_COLUMNS]
  const insertCall = db.prepare(
    `INSERT INTO call(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT(id) DO NOTHING`,
  )
  const insertDecision = db.prepare(`INSERT INTO decision(
    seq, tz_min, policy, classifier, prefix_leaf, breakpoints, limit_tokens, reservations, state_hash, signals, input, plan, head)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)

  return (call, ended) => {
    const seq = sequence.next()
    const h = headOf(call, tables, parts.run(), prefixes.write(call.prefixes))
    const format = names.id(call.format)
    const { decidedAt, source, task, complexity, profile, rule, client, key } = h
    const dimensions = { source: source ?? 0, model: 0, task, complexity, profile, rule: rule ?? 0, client, key: key ?? 0 }
    const row = { seq, seqSettled: null, decidedAt, ...dimensions, reserved: call.reservations.length > 0 }
    const end = ended === undefined ? null : settleCall.endOf(row, ended)
    const { changes } = insertCall.run(
      ...[seq, h.id, h.run, decidedAt, source, h.session, h.turn, call.parentCall, call.retryOf, h.sideKind, client, key],
      ...[h.tier, h.tags, h.mode, format, profile, h.requestedModel, h.chosen, h.baseline, task],
      ...[complexity, call.difficulty, h.estimate, h.stream, rule, call.reason],
      ...(end?.columns ?? NOT_ENDED),
    )
    // A spool that is loaded twice opens its calls twice.
    if (changes === 0) {
      if (ended !== undefined) settleCall.settle(ended)
      return tables.findSeq(call.id) ?? 0
    }
    budgets.reserve(seq, call.reservations)
    insertDecision.run(
      ...[seq, h.tzMin, h.policy, h.classifier, h.prefixLeaf, h.breakpoints, h.limit, h.reservations, h.stateHash],
      ...[call.signals, call.input, call.plan, pack(HEAD, h)],
    )
    inFlight.opened(call.id, row)
    end?.writeRest()
    return seq
  }
}

const OPEN_COLUMNS = [
  ...['seq', 'id', 'run', 'decided_at', 'source', 'session', 'turn', 'parent_call', 'retry_of', 'side_kind', 'client', 'key'],
  ...['tier', 'tags', 'mode', 'format', 'profile', 'requested_model', 'chosen', 'baseline', 'task'],
  ...['complexity', 'difficulty', 'input_estimate', 'stream', 'rule', 'reason'],
] as const

function headOf(call: CallOpen, { names, sessions, policies }: Tables, run: number | null, prefixLeaf: number | null): Head {
  return {
    id: call.id,
    decidedAt: call.decidedAtMs,
    tzMin: call.tzMin,
    run,
    source: names.idOrNull(call.source ?? null),
    session: sessions.idOrNull(call.session),
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
