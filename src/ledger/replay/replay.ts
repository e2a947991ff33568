import type { Db, OpenNative } from '../database/native.js'
import { openJsonByHash } from '../json-by-hash.js'
import { openNames } from '../names.js'
import { prepareColumnReader } from '../read/read-columns.js'
import { openCheckpoints } from '../retention/checkpoints.js'
import { openHeap } from './heap.js'
import { prepareReadPage } from './read-page.js'
import type { ReplayEvent, ReplayOutcome, ReplayRange, ReplaySettled } from './replay-events.js'

/** Rows of a page live together: fewer of them are copied when the young heap is swept, and more would hardly be read faster. */
const PAGE = 64

/**
 * Events in pages, each in the order of `seq`. Tables are read along their own order and merged here, which is several times
 * faster than joining them. Give it a connection inside a read transaction, so that all pages see the same moment.
 */
function* replay(db: Db, range: ReplayRange = {}): Generator<ReplayEvent[]> {
  const names = openNames(db)
  const readPage = prepareReadPage(db, {
    names,
    sessions: openNames(db, 'session'),
    policies: openJsonByHash(db, 'policy'),
    modelRevs: openJsonByHash(db, 'model_rev'),
    columns: prepareColumnReader(db),
    engines: new Map(db.prepare('SELECT n, engine FROM run').raw().all() as [number, number][]),
  })
  const outcomesBefore = openOutcomes(db, range.fromSeq ?? 0, (kind) => names.text(kind))
  const until = range.untilSeq ?? Number.MAX_SAFE_INTEGER
  const size = range.page ?? PAGE
  // As many wait as calls were in flight at once.
  const endings = openHeap<ReplaySettled>()
  let events: ReplayEvent[] = []

  /** Gives every ending and outcome that happened before `seq`. */
  function catchUp(seq: number): void {
    for (let end = endings.first(); end !== undefined && end.seq < seq; end = endings.first()) {
      events.push(...outcomesBefore(end.seq), end)
      endings.pop()
    }
    events.push(...outcomesBefore(seq))
  }

  // Their decisions are already part of the state in the checkpoint at the start; what follows is not.
  for (const call of unfinishedAt(db, range.fromSeq ?? 0)) {
    const { decided, settled } = readPage({ from: call, until: call + 1, size: 1 })
    for (const event of decided) events.push({ ...event, folded: true })
    for (const end of settled) if (end !== null && end.seq >= (range.fromSeq ?? 0) && end.seq < until) endings.push(end)
  }
  for (let from = range.fromSeq ?? 0; ; ) {
    const { decided, settled } = readPage({ from, until, size })
    for (const [i, call] of decided.entries()) {
      catchUp(call.seq)
      events.push(call)
      const end = settled[i]
      if (end !== null && end !== undefined && end.seq < until) endings.push(end)
    }
    const last = decided[decided.length - 1]
    if (last === undefined || decided.length < size) break
    from = last.seq + 1
    yield events
    events = []
  }
  catchUp(until)
  if (events.length > 0) yield events
}

/** The same on a separate connection, in one transaction: every page sees the same moment, and writers are not blocked. */
export function* replaySnapshot(open: OpenNative, path: string, range: ReplayRange = {}): Generator<ReplayEvent[]> {
  const snapshot = open(path, { readonly: true })
  try {
    snapshot.exec('BEGIN')
    yield* replay(snapshot, { fromSeq: openCheckpoints(snapshot).firstSeq(), ...range })
  } finally {
    snapshot.close()
  }
}

/** Calls decided before, of which something happened after: their end, or an outcome. */
function unfinishedAt(db: Db, seq: number): number[] {
  if (seq === 0) return []
  return db
    .prepare<number[], number>(
      `SELECT seq FROM call WHERE seq < ? AND (seq_settled IS NULL OR seq_settled >= ?)
       UNION SELECT call FROM outcome WHERE seq >= ? AND call < ? ORDER BY 1`,
    )
    .pluck()
    .all(seq, seq, seq, seq)
}

type OutcomeRow = Omit<ReplayOutcome, 'kind' | 'outcome'> & { readonly kind: number }

const NO_OUTCOMES: readonly ReplayOutcome[] = []

/** Takes outcomes in order: each call gives those before `seq` that were not given yet. */
function openOutcomes(db: Db, from: number, text: (kind: number) => string): (seq: number) => readonly ReplayOutcome[] {
  const page = db.prepare<[number], OutcomeRow>(
    'SELECT seq, call, kind, value, at AS atMs FROM outcome WHERE seq >= ? ORDER BY seq LIMIT 1000',
  )
  let rows = page.all(from)
  let at = 0
  return (seq) => {
    if ((rows[at]?.seq ?? Number.POSITIVE_INFINITY) >= seq) return NO_OUTCOMES
    const taken: ReplayOutcome[] = []
    for (let row = rows[at]; row !== undefined && row.seq < seq; row = rows[at]) {
      taken.push({ kind: 'outcome', seq: row.seq, call: row.call, outcome: text(row.kind), value: row.value, atMs: row.atMs })
      at++
      if (at < rows.length) continue
      rows = page.all(row.seq + 1)
      at = 0
    }
    return taken
  }
}
