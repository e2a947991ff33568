import { HOUR_MS } from '../../kit/index.js'
import type { Db } from '../database/native.js'
import type { Names } from '../names.js'
import type { CallFilter, CallRow } from '../rows.js'
import type { Tables } from '../tables.js'
import { prepareCallQuery } from './call-row.js'

/** Dimensions of a filter that the hourly sums have too. */
const SUMMED = ['model', 'task', 'profile', 'client', 'key', 'source'] as const

/** Newest first. An unknown name gives an empty list. */
export function listCalls(db: Db, names: Names, filter: CallFilter): CallRow[] {
  const { limit } = filter
  const isSummed = SUMMED.some((dimension) => filter[dimension] !== undefined && filter[dimension] !== null)
  const byHour = isSummed && limit !== undefined && filter.session === undefined && (filter.status === undefined || filter.status === 'ok')
  return byHour ? listByHour(db, names, filter, limit) : listPlain(db, names, filter)
}

/**
 * The hourly sums show which hours contain matches, so that a rare model is found among a million calls without reading them, and without
 * an index that every call would pay for. Running calls are not in the sums yet; there are few.
 */
function listByHour(db: Db, names: Names, filter: CallFilter, limit: number): CallRow[] {
  const condition = conditionOf(names, filter, SUMMED)
  if (condition === null) return []
  const from = Math.floor((filter.since ?? 0) / HOUR_MS)
  const until = Math.ceil((filter.until ?? Number.MAX_SAFE_INTEGER) / HOUR_MS)
  const hours = db
    .prepare<unknown[], number>(`SELECT DISTINCT hour FROM rollup c WHERE hour >= ? AND hour < ? AND ${condition.sql} ORDER BY hour DESC`)
    .pluck()
  const running = filter.status === 'ok' ? [] : listPlain(db, names, { ...filter, status: 'running' })
  const ended: CallRow[] = []
  for (const hour of hours.iterate(from, until, ...condition.values)) {
    const since = Math.max(filter.since ?? 0, hour * HOUR_MS)
    const end = Math.min(filter.until ?? Number.MAX_SAFE_INTEGER, (hour + 1) * HOUR_MS)
    const rows = listPlain(db, names, { ...filter, since, until: end, limit: limit - ended.length })
    ended.push(...rows.filter((row) => row.status !== 'running'))
    if (ended.length >= limit) break
  }
  return [...ended, ...running].sort((a, b) => b.decidedAtMs - a.decidedAtMs || b.seq - a.seq).slice(0, limit)
}

function listPlain(db: Db, names: Names, filter: CallFilter): CallRow[] {
  const condition = conditionOf(names, filter, ['status', ...SUMMED])
  if (condition === null) return []
  const where = [condition.sql]
  const values = [...condition.values]
  const add = (sql: string, value: string | number) => {
    where.push(sql)
    values.push(value)
  }
  if (filter.since !== undefined) add('c.decided_at >= ?', filter.since)
  if (filter.until !== undefined) add('c.decided_at < ?', filter.until)
  if (filter.session !== undefined) {
    where.push("c.session IN (SELECT n FROM session WHERE key = ? OR (key > ? || '/' AND key < ? || '0'))")
    values.push(filter.session, filter.session, filter.session)
  }
  // Spelled out so that the small index of unusual calls can serve it.
  if (filter.status !== undefined && filter.status !== 'ok') where.push('c.status <> 2')
  const limit = filter.limit === undefined ? '' : `LIMIT ${Math.max(0, Math.floor(filter.limit))}`
  return prepareCallQuery(db, names, `WHERE ${where.join(' AND ')} ORDER BY c.decided_at DESC, c.seq DESC ${limit}`)(...values)
}

type Dimension = (typeof SUMMED)[number] | 'status'

/** Null when no call can match. */
function conditionOf(
  names: Names,
  filter: CallFilter,
  dimensions: readonly Dimension[],
): { readonly sql: string; readonly values: (string | number)[] } | null {
  const where = ['true']
  const values: number[] = []
  for (const dimension of dimensions) {
    const word = filter[dimension]
    if (word === undefined) continue
    // Calls have NULL where the sums have 0.
    if (word === null) where.push(`coalesce(c.${dimension}, 0) = 0`)
    else {
      const id = names.find(word)
      if (id === null) return null
      where.push(`c.${dimension} = ?`)
      values.push(id)
    }
  }
  return { sql: where.join(' AND '), values }
}

export interface Changes {
  /** Number of the last event in the ledger; hand it in next time. */
  readonly seq: number
  /** New calls and those asked for that have ended, oldest first. */
  readonly calls: readonly CallRow[]
}

export interface ChangesQuery {
  /** Last event known; 0 at first. */
  readonly afterSeq: number
  /** Calls known as running, by their `seq`. */
  readonly running: readonly number[]
  /** At most this many new calls, the newest ones. */
  readonly limit: number
}

/** What happened since: the cost depends on what is new, not on what is stored. Nothing is read when nothing was written. */
export function prepareReadChanges(db: Db, { names, sequence }: Tables): (query: ChangesQuery) => Changes {
  const added = prepareCallQuery(db, names, 'WHERE c.seq > ? ORDER BY c.seq DESC LIMIT ?')
  const ended = prepareCallQuery(db, names, 'WHERE c.seq IN (SELECT value FROM json_each(?)) AND c.status <> 1')
  return ({ afterSeq, running, limit }) => {
    const seq = sequence.last()
    if (seq === afterSeq) return { seq, calls: [] }
    return { seq, calls: [...ended(JSON.stringify(running)), ...added(afterSeq, limit).reverse()] }
  }
}
