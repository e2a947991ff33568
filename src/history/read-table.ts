import { isJson } from '../kit/index.js'
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

/**
 * Reads rows of a CSV file according to RFC 4180, fed line by line, since a quoted field may contain line breaks: the fields of the row that
 * a line ends, or null while a quoted field is open.
 */
function openCsv(): (line: string) => string[] | null {
  let open = ''
  return (line) => {
    open = open === '' ? line : `${open}\n${line}`
    if (quotes(open) % 2 === 1) return null
    const row = split(open.endsWith('\r') ? open.slice(0, -1) : open)
    open = ''
    return row
  }
}

function quotes(text: string): number {
  let n = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) n++
  return n
}

function split(row: string): string[] {
  const fields: string[] = []
  for (let at = 0; at <= row.length; ) {
    if (row[at] === '"') {
      let end = row.indexOf('"', at + 1)
      while (end !== -1 && row[end + 1] === '"') end = row.indexOf('"', end + 2)
      fields.push(row.slice(at + 1, end === -1 ? undefined : end).replaceAll('""', '"'))
      at = (end === -1 ? row.length : end + 1) + 1
    } else {
      const end = row.indexOf(',', at)
      fields.push(row.slice(at, end === -1 ? undefined : end))
      at = (end === -1 ? row.length : end) + 1
    }
  }
  return fields
}
