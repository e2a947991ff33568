import { parseJson } from '../../kit/index.js'
import { attemptOf } from '../attempts.js'
import { prepareReadBodies, type StoredBodies } from '../bodies/read-bodies.js'
import type { Db } from '../database/native.js'
import type { CallRow, TimeRange } from '../rows.js'
import type { Tables } from '../tables.js'
import { attemptJson, callJson } from './call-json.js'
import { prepareCallQuery } from './call-row.js'

export interface ExportRequest extends TimeRange {
  readonly format: 'jsonl' | 'csv'
  /** With jsonl: request messages and replies too. */
  readonly bodies?: boolean
}

const PAGE = 500

/** JSON Lines with attempts (and bodies), or CSV of the calls alone. */
export function* exportCalls(db: Db, tables: Tables, request: ExportRequest): Generator<string> {
  const readBodies = request.bodies === true ? prepareReadBodies(db) : () => null
  const page = prepareCallQuery(db, tables.names, `WHERE c.seq > ? AND c.decided_at >= ? AND c.decided_at < ? ORDER BY c.seq LIMIT ${PAGE}`)
  const line = request.format === 'csv' ? csvLine : (row: CallRow) => jsonLine(row, tables, readBodies(row.seq))
  if (request.format === 'csv') yield `${CSV_COLUMNS.join(',')}\n`
  for (let after = 0; ; ) {
    const calls = page(after, request.since ?? 0, request.until ?? Number.MAX_SAFE_INTEGER)
    const last = calls[calls.length - 1]
    if (last === undefined) return
    yield calls.map(line).join('')
    after = last.seq
  }
}

const CSV_COLUMNS = [
  ...['id', 'startedAt', 'status', 'source', 'client', 'sessionId', 'turn', 'profile', 'rule', 'requestedModel', 'chosen', 'model'],
  ...['task', 'complexity', 'difficulty', 'stream', 'attempts', 'inputTokens', 'cachedInputTokens', 'cacheWriteTokens'],
  ...['outputTokens', 'reasoningTokens', 'costUsd', 'baseline', 'baselineCostUsd', 'ttftMs', 'latencyMs', 'reason', 'error'],
] as const

function csvLine(row: CallRow): string {
  const call = callJson(row)
  return `${CSV_COLUMNS.map((column) => csvField(call[column])).join(',')}\n`
}

function csvField(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function jsonLine(row: CallRow, { names, modelRevs, columns }: Tables, bodies: StoredBodies | null): string {
  const attemptList = columns.attempts(row.seq).map((stored) => {
    const attempt = attemptOf(stored, names, modelRevs)
    return { ...attemptJson(attempt), modelRev: attempt.modelRev }
  })
  const content = bodies === null ? {} : { request: bodies.request.map((m) => parsed(m.json)), reply: parsed(bodies.reply) }
  return `${JSON.stringify({ ...callJson(row), attemptList, ...content })}\n`
}

/** Bodies are JSON, except replies of streams, which may be plain text. */
function parsed(json: string | null): unknown {
  const value = json === null ? null : parseJson(json)
  return value === undefined ? json : value
}
