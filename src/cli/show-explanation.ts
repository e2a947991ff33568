import type { ChalkInstance } from 'chalk'
import { formatMs, formatUsd, nanoFromUsd } from '../kit/index.js'
import type { CandidateJson, Explanation } from '../report/index.js'
import { table } from './table.js'

/** An explanation for people: what was seen, what was compared, what won and what would have changed it. */
export function showExplanation(
  { signals, policy, candidates, chosen, reason, flip, propensity }: Explanation<unknown>,
  paint: ChalkInstance,
  width?: number,
): string {
  const { difficulty, complexity, task, inputTokens, needs } = signals
  const seen = `${task}, ${complexity}, difficulty ${difficulty.p.toFixed(2)}, about ${inputTokens} tokens in, needs ${needs.length === 0 ? 'nothing special' : needs.join(', ')}`
  return [
    `${paint.dim('Seen')}      ${seen}`,
    `${paint.dim('Policy')}    ${policyLine(policy)}`,
    '',
    table<CandidateJson>(
      candidates,
      [
        { head: 'MODEL', cell: (c) => (c.model === chosen ? paint.green(`▸ ${c.model}`) : `  ${c.model}`) },
        { head: 'COST', align: 'right', cell: (c) => formatUsd(c.costUsd === null ? null : nanoFromUsd(c.costUsd)) },
        { head: 'LATENCY', align: 'right', cell: (c) => formatMs(c.latencyMs) },
        { head: 'QUALITY', align: 'right', cell: (c) => c.quality.toFixed(3) },
        { head: 'SCORE', align: 'right', cell: (c) => (c.veto === null ? c.score.toFixed(3) : '—') },
        { head: 'WHY NOT', flexible: true, cell: (c) => (c.veto === null ? '' : `it ${c.veto}`) },
      ],
      { head: paint.dim, ...(width === undefined ? {} : { width }) },
    ).trimEnd(),
    '',
    `${paint.dim('Reason')}    ${reason}`,
    ...(propensity !== null && propensity < 1
      ? [`${paint.dim('Chance')}    it would have been chosen in ${(propensity * 100).toFixed(1)}% of equal cases`]
      : []),
    `${paint.dim('Flip')}      ${flip === null ? 'no change of a single weight would have chosen the runner-up' : `with the ${flip.weight} weight at ${flip.to} instead of ${flip.from}, ${flip.model} would have been chosen`}`,
  ].join('\n')
}

function policyLine({ profile, weights, strategy, minQuality, floor, rule }: Explanation<unknown>['policy']): string {
  const how =
    weights === undefined
      ? `${strategy}${minQuality === undefined ? '' : ` with predicted quality of at least ${minQuality}`}`
      : `weights cost ${weights.cost}, quality ${weights.quality}, latency ${weights.latency}`
  return `${profile}: ${how}, floor ${floor}${rule === null ? '' : `, rule ${rule}`}`
}
