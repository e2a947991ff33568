const number = (x) => {
  if (x === null || x === undefined || !Number.isFinite(x)) return '–'
  const size = Math.abs(x)
  if (size >= 1000) return Math.round(x).toLocaleString('en-US')
  return String(Number(x.toPrecision(size >= 100 ? 3 : 2)))
}

const cell = (row, x) => (x === null || x === undefined ? '–' : `${number(x)}${row.unit ? ` ${row.unit}` : ''}`)

/** `aim` is a bound such as '<= 4'; whether it holds is told, never enforced. */
export function isMet(row) {
  const [, sign, bound] = /^([<>])= ([\d.]+)/.exec(row.aim ?? '') ?? []
  if (sign === undefined || row.value === null) return null
  return sign === '<' ? row.value <= Number(bound) : row.value >= Number(bound)
}

/** Rows as a Markdown table, one column for each peer that any row has. */
export function tableOf(rows) {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.others ?? {})))]
  const head = ['measure', 'llmroute', 'spread', ...peers, 'aim', 'met']
  const lines = rows.map((row) => [
    row.measure,
    cell(row, row.value),
    row.min === null || row.min === undefined ? '–' : `${number(row.min)} to ${number(row.max)}`,
    ...peers.map((peer) => cell(row, row.others?.[peer])),
    row.aim ?? '–',
    { true: 'yes', false: 'no', null: '–' }[String(isMet(row))],
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i].length)))
  const print = (line) => `| ${line.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`
  return [print(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...lines.map(print)].join('\n')
}
