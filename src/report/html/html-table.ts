/** A column of text, escaped. */
interface TextColumn<Row> {
  readonly head: string
  /** Set to the right, in figures of equal width. */
  readonly number?: true
  cell(row: Row): string
}

interface BarColumn<Row> {
  bar(row: Row): number
}

export function htmlTable<Row>(rows: readonly Row[], columns: readonly (TextColumn<Row> | BarColumn<Row>)[]): string {
  const drawn = columns.map((column) => {
    if ('bar' in column) {
      const top = Math.max(...rows.map((row) => column.bar(row)), 0)
      const share = (row: Row): number => (top === 0 ? 0 : Math.max(0, column.bar(row) / top))
      return { head: '<th></th>', cell: (row: Row) => `<td>${shareBar(share(row))}</td>` }
    }
    const css = column.number ? ' class="n"' : ''
    return { head: `<th${css}>${escapeHtml(column.head)}</th>`, cell: (row: Row) => `<td${css}>${escapeHtml(column.cell(row))}</td>` }
  })
  const css = columns.some((column) => 'bar' in column) ? ' class="bars"' : ''
  const head = drawn.map((column) => column.head).join('')
  const body = rows.map((row) => `<tr>${drawn.map(({ cell }) => cell(row)).join('')}</tr>`).join('')
  return `<div class="wide"><table${css}><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A bar of `share` (0..1) of its column; an attribute `style` would need a laxer Content-Security-Policy. */
export function shareBar(share: number): string {
  return `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(share * 100).toFixed(1)}" height="10"/></svg>`
}

/** Every text is escaped, wherever it came from: model names, rules and tags are foreign text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
