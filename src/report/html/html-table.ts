import { asHtml } from './as-html.js'

export interface HtmlColumn<Row> {
  readonly head: string
  /** Set to the right, in figures of equal width. */
  readonly number?: true
  cell(row: Row): string
}

/** A table of text; every cell is escaped. */
export function htmlTable<Row>(rows: readonly Row[], columns: readonly HtmlColumn<Row>[]): string {
  const css = (column: HtmlColumn<Row>): string => (column.number ? ' class="n"' : '')
  const head = columns.map((column) => `<th${css(column)}>${asHtml(column.head)}</th>`).join('')
  const body = rows.map((row) => `<tr>${columns.map((column) => `<td${css(column)}>${asHtml(column.cell(row))}</td>`).join('')}</tr>`)
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

export interface BarRow {
  readonly name: string
  readonly value: number
  readonly cells: readonly string[]
}

/** A bar of `share` (0..1) of its column; an attribute `style` would need a laxer Content-Security-Policy. */
export function shareBar(share: number): string {
  return `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(share * 100).toFixed(1)}" height="10"/></svg>`
}

/** Names with bars in proportion to their values, and figures beside them. */
export function barTable(rows: readonly BarRow[], heads: readonly string[]): string {
  const top = Math.max(...rows.map(({ value }) => value), 0)
  const head = `<th>${asHtml(heads[0] ?? '')}</th><th></th>${heads
    .slice(1)
    .map((text) => `<th class="n">${asHtml(text)}</th>`)
    .join('')}`
  const body = rows.map(({ name, value, cells }) => {
    const share = top === 0 ? 0 : Math.max(0, value / top)
    return `<tr><td>${asHtml(name)}</td><td>${shareBar(share)}</td>${cells.map((cell) => `<td class="n">${asHtml(cell)}</td>`).join('')}</tr>`
  })
  return `<div class="wide"><table class="bars"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}
