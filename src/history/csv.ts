/**
 * Reads rows of a CSV file according to RFC 4180, fed line by line, since a quoted field may contain line breaks: the fields of the row that
 * a line ends, or null while a quoted field is open.
 */
export function openCsv(): (line: string) => string[] | null {
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
