import { isJson } from '../kit/index.js'
import { openCsv } from './csv.js'
import { type Fields, fields } from './fields.js'
import type { LogReader } from './types.js'

/**
 * Feeds the records of a table to `row`, in any of these forms: CSV with a header, JSON Lines, or one JSON array (or an object with one
 * under `data`).
 */
export function readTable(row: (record: Fields, line: number) => void): LogReader {
  const readCsvLine = openCsv()
  let header: readonly string[] | null = null
  let kind: 'csv' | 'lines' | 'whole' | null = null
  let rowStart = 1
  const whole: Buffer[] = []

  function csvLine(line: string, n: number): void {
    const values = readCsvLine(line)
    if (values === null) return
    const start = rowStart
    rowStart = n + 1
    if (header === null) header = values.map((name) => name.trim())
    else if (values.length > 1 || values[0] !== '') row(Object.fromEntries(header.map((name, i) => [name, values[i] ?? ''])), start)
  }

  return {
    line(bytes, n) {
      kind ??= kindOf(bytes)
      if (kind === 'whole') whole.push(Buffer.from(bytes))
      else if (kind === 'csv') csvLine(bytes.toString(), n)
      else row(fields(JSON.parse(bytes.toString())) ?? {}, n)
    },
    end() {
      if (kind !== 'whole') return
      const parsed: unknown = JSON.parse(Buffer.concat(whole).toString())
      const records = Array.isArray(parsed) ? parsed : fields(parsed)?.data
      if (Array.isArray(records)) for (const record of records) row(fields(record) ?? {}, 1)
    },
  }
}

function kindOf(first: Buffer): 'csv' | 'lines' | 'whole' {
  const start = first.toString('utf8', 0, 200).trimStart()
  if (start.startsWith('[')) return 'whole'
  if (!start.startsWith('{')) return 'csv'
  return isJson(first.toString()) && !start.startsWith('{"data":[') ? 'lines' : 'whole'
}
