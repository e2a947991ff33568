import { formatDollars, formatMs } from '../../kit/index.js'
import type { CandidateJson, Explanation } from '../explain.js'
import { explanationFacts } from '../explanation-facts.js'
import { escapeHtml, htmlTable } from './html-table.js'

/** Why a model was chosen, as part of a page with the report's style. */
export function explanationHtml(explanation: Explanation<unknown>): string {
  const { candidates, chosen } = explanation
  const { before, after } = explanationFacts(explanation)
  const compared = candidates.filter(({ veto }) => veto === null)
  const vetoed = candidates.filter(({ veto }) => veto !== null)
  return [
    facts(before),
    compared.length === 0 ? '' : scores(compared, chosen),
    vetoed.length === 0 ? '' : vetoes(vetoed),
    facts(after),
  ].join('\n')
}

function scores(candidates: readonly CandidateJson[], chosen: string | null): string {
  return htmlTable(candidates, [
    { head: 'model', cell: (c) => (c.model === chosen ? `▸ ${c.model}` : c.model) },
    { bar: (c) => c.score },
    { head: 'score', number: true, cell: (c) => c.score.toFixed(3) },
    { head: 'expected cost', number: true, cell: (c) => formatDollars(c.costUsd) },
    { head: 'latency', number: true, cell: (c) => formatMs(c.latencyMs) },
    { head: 'quality', number: true, cell: (c) => c.quality.toFixed(3) },
  ])
}

function vetoes(candidates: readonly CandidateJson[]): string {
  return htmlTable(candidates, [
    { head: 'not eligible', cell: (c) => c.model },
    { head: 'why', cell: (c) => `it ${c.veto}` },
    { head: 'expected cost', number: true, cell: (c) => formatDollars(c.costUsd) },
    { head: 'quality', number: true, cell: (c) => c.quality.toFixed(3) },
  ])
}

function facts(rows: readonly (readonly [string, string])[]): string {
  return `<dl>${rows.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`
}
