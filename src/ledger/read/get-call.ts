import { Fault } from '../../kit/index.js'
import { attemptOf } from '../attempts.js'
import { parseList } from '../columns.js'
import type { Db } from '../database/native.js'
import { unpackDigest } from '../digests.js'
import type { Ledger } from '../ledger.js'
import type { CallDetail, CallRow } from '../rows.js'
import type { Tables } from '../tables.js'
import type { DecisionRow, OutcomeRow, Reservation } from '../types.js'
import { prepareCallQuery } from './call-row.js'

export function prepareCallReader(db: Db, { names, policies, modelRevs, columns }: Tables) {
  const exists = db.prepare('SELECT 1 FROM call WHERE id = ?')
  const exact = prepareCallQuery(db, names, 'WHERE c.id = ?')
  const range = prepareCallQuery(db, names, 'WHERE c.id >= ? AND c.id < ? LIMIT 2')
  const outcomesOf = db.prepare<[number], { kind: number; value: number | null; note: string | null; at: number }>(
    'SELECT kind, value, note, at FROM outcome WHERE call = ? ORDER BY seq',
  )

  function find(id: string): CallRow | null {
    const [call] = exact(id)
    if (call !== undefined || id === '') return call ?? null
    // Ids are written in capitals; people copy them in either case.
    const candidates = [...new Set([id, id.toUpperCase()])].flatMap((prefix) => range(prefix, `${prefix}\u{10ffff}`))
    if (candidates.length > 1) {
      throw new Fault('E_USAGE', `several calls begin with ${id}`, { hint: 'Give more characters of the id.' })
    }
    return candidates[0] ?? null
  }

  function decision(seq: number): DecisionRow {
    const row = columns.decision(seq)
    if (row === null) throw new Fault('E_LEDGER', `call ${seq} has no decision`, { hint: 'Run `llmroute ledger verify`.' })
    return {
      tzMin: row.tzMin,
      policyHash: policies.hash(row.policy),
      classifierHash: names.text(row.classifier),
      prefixLeaf: row.prefixLeaf,
      breakpoints: parseList(row.breakpoints) as readonly number[],
      limit: row.limit,
      reservations: parseList(row.reservations) as readonly Reservation[],
      stateHash: unpackDigest(row.stateHash),
      signals: row.signals,
      input: row.input,
      plan: row.plan,
    }
  }

  const attempts = (seq: number) => columns.attempts(seq).map((a) => attemptOf(a, names, modelRevs))

  function outcomes(call: CallRow): OutcomeRow[] {
    return outcomesOf.all(call.seq).map((o) => ({
      call: call.id,
      kind: names.text(o.kind),
      value: o.value,
      atMs: o.at,
      ...(o.note === null ? {} : { note: o.note }),
    }))
  }

  return {
    has: (id: string) => exists.get(id) !== undefined,
    attempts,
    /** Null when no call has this id; a Fault when a shortened id fits several. */
    detail(id: string): CallDetail | null {
      const call = find(id)
      return call && { call, decision: decision(call.seq), attempts: attempts(call.seq), outcomes: outcomes(call) }
    },
  }
}

/**
 * A call by the first characters of its id, or as `last` the newest that somebody made here, not one with which a simulation was checked.
 * Throws E_NOT_FOUND, and E_USAGE when several ids begin so.
 */
export function findCall(ledger: Ledger, id: string): CallDetail {
  const newest = () => ledger.listCalls({ limit: 1, source: null })[0] ?? ledger.listCalls({ limit: 1 })[0]
  const found = ledger.getCall(id === 'last' ? (newest()?.id ?? id) : id)
  if (found !== null) return found
  const shown = id.length > 40 ? `${id.slice(0, 40)}…` : id
  throw new Fault('E_NOT_FOUND', `There is no call ${shown || "''"} in the ledger.`, {
    hint: 'List the calls with `llmroute log`.',
    final: true,
  })
}
