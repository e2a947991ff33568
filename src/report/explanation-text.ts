import { formatDollars, formatMs, formatPercent, table } from '../kit/index.js'
import type { CandidateJson, Explanation } from './explain.js'
import { explanationFacts } from './explanation-facts.js'

/** Colours that an explanation uses, chalk's own instance fits, and the cells of a line. */
interface TextLook {
  readonly paint: { dim(text: string): string; green(text: string): string }
  readonly width?: number
}

/** An explanation for a terminal: what was seen, what was compared, what won and what would have changed it. */
export function explanationText(explanation: Explanation<unknown>, look: TextLook): string {
  const { paint } = look
  const { candidates, chosen } = explanation
  const { before, after } = explanationFacts(explanation)
  const row = ([name, value]: readonly [string, string]): string => `${paint.dim(name.padEnd(9))} ${value}`
  const compared = table<CandidateJson>(candidates, look, [
    { head: 'MODEL', cell: (c) => (c.model === chosen ? paint.green(`▸ ${c.model}`) : `  ${c.model}`) },
    { head: 'COST', align: 'right', cell: (c) => formatDollars(c.costUsd) },
    { head: 'LATENCY', leave: 2, align: 'right', cell: (c) => formatMs(c.latencyMs) },
    { head: 'QUALITY', leave: 3, align: 'right', cell: (c) => c.quality.toFixed(3) },
    { head: 'PRIOR', leave: 1, align: 'right', cell: (c) => formatPercent(c.priorShare) },
    { head: 'SCORE', align: 'right', cell: (c) => (c.veto === null ? c.score.toFixed(3) : '—') },
    { head: 'WHY NOT', flexible: true, cell: (c) => c.veto ?? '' },
  ])
  return [...before.map(row), '', compared.trimEnd(), '', ...after.map(row)].join('\n')
}
