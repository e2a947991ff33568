import { openHeap } from './heap.js'
import type { Db } from './native.js'
import { openCursor, readPages } from './pages.js'
import { ATTEMPT_COLUMNS, type AttemptTuple, attemptFromRow } from './read-attempts.js'
import type { ReplayEvent, ReplayRange } from './replay-events.js'
import {
  DECISION_COLUMNS,
  type DecisionTuple,
  decidedFromRow,
  OUTCOME_COLUMNS,
  type OutcomeTuple,
  outcomeFromRow,
  type ReplayParts,
  settledFromRow,
} from './replay-rows.js'
import type { AttemptRow } from './types.js'

const PAGE = 2000

/**
 * Events in pages, each in the order of `seq`. Every table is read along its own order and merged here, which is several times
 * faster than joining them. Give it a connection inside a read transaction, so that all pages see the same moment.
 */
export function* replay(db: Db, parts: ReplayParts, range: ReplayRange = {}): Generator<ReplayEvent[]> {
  const { names, modelRevs } = parts
  const pages = { from: range.fromSeq ?? 0, until: range.untilSeq ?? Number.MAX_SAFE_INTEGER, size: range.page ?? PAGE }
  const select = (what: string, seq: string) => `SELECT ${what} WHERE ${seq} >= ? AND ${seq} < ? ORDER BY ${seq} LIMIT ?`
  const engines = new Map(db.prepare('SELECT n, engine FROM run').raw().all() as [number, number][])
  const calls = readPages<DecisionTuple>(db, select(`${DECISION_COLUMNS} FROM call c JOIN decision d ON d.seq = c.seq`, 'c.seq'), pages)
  const attempts = openCursor(readPages<AttemptTuple>(db, select(`${ATTEMPT_COLUMNS} FROM attempt a`, 'a.seq'), pages))
  const outcomes = openCursor(readPages<OutcomeTuple>(db, select(`${OUTCOME_COLUMNS} FROM outcome o`, 'o.seq'), pages))
  // As many wait as calls were in flight at once.
  const settlements = openHeap<NonNullable<ReturnType<typeof settledFromRow>>>()
  const attemptsOf = new Map<number, AttemptRow[]>()
  let events: ReplayEvent[] = []

  /** Gives every settlement and outcome that happened before `seq`. */
  function catchUp(seq: number): void {
    for (;;) {
      const settled = settlements.first()
      const outcome = outcomes.head()
      const settledSeq = settled?.seq ?? Number.POSITIVE_INFINITY
      const outcomeSeq = outcome?.[0] ?? Number.POSITIVE_INFINITY
      if (outcome !== undefined && outcomeSeq < settledSeq && outcomeSeq < seq) {
        events.push(outcomeFromRow(outcome, names))
        outcomes.advance()
      } else if (settled !== undefined && settledSeq < seq) {
        collectAttempts(settledSeq)
        settled.attempts = attemptsOf.get(settled.call) ?? []
        attemptsOf.delete(settled.call)
        events.push(settled)
        settlements.pop()
      } else return
    }
  }

  function collectAttempts(before: number): void {
    for (let row = attempts.head(); row !== undefined && row[0] < before; row = attempts.head()) {
      const list = attemptsOf.get(row[1])
      const attempt = attemptFromRow(row, names, modelRevs)
      if (list === undefined) attemptsOf.set(row[1], [attempt])
      else list.push(attempt)
      attempts.advance()
    }
  }

  for (const list of calls) {
    for (const row of list) {
      catchUp(row[0])
      events.push(decidedFromRow(row, engines, parts))
      const settled = settledFromRow(row, names)
      if (settled !== null && settled.seq < pages.until) settlements.push(settled)
    }
    yield events
    events = []
  }
  catchUp(pages.until)
  if (events.length > 0) yield events
}
