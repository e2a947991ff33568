import { wholeMicroseconds } from '../kit/index.js'
import { columnOf, jsonOrNull, parseList } from './columns.js'
import type { Db } from './database/native.js'
import type { JsonByHash } from './json-by-hash.js'
import type { Names } from './names.js'
import { ATTEMPT_FIELDS, type SettledAttempt } from './packed/settlement.js'
import type { AttemptOutcome, AttemptPurpose, AttemptRow } from './types.js'

export function attemptOf(a: SettledAttempt, names: Names, modelRevs: JsonByHash): AttemptRow {
  return {
    ...a,
    purpose: names.text(a.purpose) as AttemptPurpose,
    model: names.text(a.model),
    modelRev: modelRevs.hash(a.modelRev),
    outcome: names.text(a.outcome) as AttemptOutcome,
    usageSource: names.text(a.usageSource) as AttemptRow['usageSource'],
    billed: names.text(a.billed) as AttemptRow['billed'],
    splices: parseList(a.splices),
    losses: parseList(a.losses),
  }
}

/** The other way: numbers for words. Call inside a transaction. */
export function packableAttempt(a: AttemptRow, names: Names, modelRevs: JsonByHash): SettledAttempt {
  return {
    ...a,
    purpose: names.id(a.purpose),
    model: names.id(a.model),
    modelRev: modelRevs.number(a.modelRev),
    t0: wholeMicroseconds(a.t0),
    sentMs: wholeMicroseconds(a.sentMs),
    firstByteMs: wholeMicroseconds(a.firstByteMs),
    endMs: wholeMicroseconds(a.endMs),
    retryAfterMs: wholeMicroseconds(a.retryAfterMs),
    outcome: names.id(a.outcome),
    usageSource: names.id(a.usageSource),
    billed: names.id(a.billed),
    splices: jsonOrNull(a.splices),
    losses: jsonOrNull(a.losses),
  }
}

/** Writes an attempt of a call, or replaces the one with the same `n`. Call inside a transaction. */
export function prepareWriteAttempt(db: Db): (call: number, attempt: SettledAttempt) => void {
  const columns = ['call', ...ATTEMPT_FIELDS.map((field) => columnOf(field))]
  const insert = db.prepare(`INSERT OR REPLACE INTO attempt(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
  return (call, attempt) => {
    const values: unknown[] = [call]
    for (const field of ATTEMPT_FIELDS) values.push(attempt[field])
    insert.run(values)
  }
}
