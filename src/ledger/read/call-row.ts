import { columnOf, parseList } from '../columns.js'
import type { Db } from '../database/native.js'
import type { Names } from '../names.js'
import type { CallRow } from '../rows.js'
import type { CallStatus } from '../types.js'

/** Reads calls from their columns, arrays: rows as objects take more than twice as long to list. */
function callReader({ text, textOrNull }: Pick<Names, 'text' | 'textOrNull'>): (columns: readonly unknown[]) => CallRow {
  let row: readonly unknown[] = []
  let at = 0
  const next = <T>(): T => row[at++] as T
  const word = (): string => text(next())
  const wordOrNull = (): string | null => textOrNull(next())
  return (columns) => {
    row = columns
    at = 0
    return {
      seq: next(),
      id: next(),
      status: word() as CallStatus,
      decidedAtMs: next(),
      settledAtMs: next(),
      source: wordOrNull(),
      session: next(),
      turn: next(),
      parentCall: next(),
      retryOf: next(),
      sideKind: wordOrNull(),
      client: word(),
      key: wordOrNull(),
      tier: wordOrNull(),
      tags: parseList(next()) as readonly string[],
      mode: word() as CallRow['mode'],
      format: word(),
      profile: word(),
      requestedModel: word(),
      chosen: wordOrNull(),
      baseline: wordOrNull(),
      task: word(),
      complexity: word(),
      difficulty: next(),
      inputTokensEstimate: next(),
      stream: next() === 1,
      rule: wordOrNull(),
      reason: next(),
      model: wordOrNull(),
      attempts: next(),
      inputTokens: next(),
      cacheReadTokens: next(),
      cacheWriteTokens: next(),
      outputTokens: next(),
      reasoningTokens: next(),
      costNano: next(),
      baselineCostNano: next(),
      shadowCostNano: next(),
      ttftMs: next(),
      latencyMs: next(),
      httpStatus: next(),
      error: next(),
    }
  }
}

const NAMED_OTHERWISE = {
  decidedAtMs: 'decided_at',
  settledAtMs: 'settled_at',
  inputTokensEstimate: 'input_estimate',
  session: '(SELECT key FROM session WHERE n = c.session)',
}

/** The columns in the order in which they are read: asked with a row of nothing, the reading itself lists them. */
const COLUMNS = Object.keys(callReader({ text: String, textOrNull: () => null })(Array(64).fill(null)))
  .map((field) => columnOf(field, NAMED_OTHERWISE))
  .join(', ')

/** A query for calls (the table `call` as `c`) by what follows its FROM clause. */
export function prepareCallQuery(db: Db, names: Names, conditions: string): (...values: readonly unknown[]) => CallRow[] {
  const query = db.prepare<unknown[], unknown[]>(`SELECT ${COLUMNS} FROM call c ${conditions}`).raw()
  const read = callReader(names)
  return (...values) => query.all(...values).map(read)
}
