import { formatMs } from '../../kit/index.js'
import type { CandidateJson, Explanation } from '../explain.js'
import { explanationFacts, usdText } from '../explanation-facts.js'
import { asHtml } from './as-html.js'
import { barTable, htmlTable } from './html-table.js'

/** Why a model was chosen, as part of a page with the report's style. */
export function explanationHtml(explanation: Explanation<unknown>): string {
  const { candidates, chosen } = explanation
  const { before, after } = explanationFacts(explanation)
  const compared = candidates.filter(({ veto }) => veto === null)
  const vetoed = candidates.filter(({ veto }) => veto !== null)
  const rows = compared.map((c) => ({
    name: c.model === chosen ? `▸ ${c.model}` : c.model,
    value: c.score,
    cells: [c.score.toFixed(3), usdText(c.costUsd), formatMs(c.latencyMs), c.quality.toFixed(3)],
  }))
  return [
    facts(before),
    rows.length === 0 ? '' : barTable(rows, ['model', 'score', 'expected cost', 'latency', 'quality']),
    vetoed.length === 0 ? '' : vetoes(vetoed),
    facts(after),
  ].join('\n')
}

function vetoes(candidates: readonly CandidateJson[]): string {
  return htmlTable(candidates, [
    { head: 'not eligible', cell: (c) => c.model },
    { head: 'why', cell: (c) => `it ${c.veto}` },
    { head: 'expected cost', number: true, cell: (c) => usdText(c.costUsd) },
    { head: 'quality', number: true, cell: (c) => c.quality.toFixed(3) },
  ])
}

function facts(rows: readonly (readonly [string, string])[]): string {
  return `<dl>${rows.map(([name, text]) => `<dt>${asHtml(name)}</dt><dd>${asHtml(text)}</dd>`).join('')}</dl>`
}
