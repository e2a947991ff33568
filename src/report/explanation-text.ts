import { formatMs, formatUsd, nanoFromUsd, table } from '../kit/index.js'
import type { CacheJson, CandidateJson, Explanation } from './explain.js'

/** Colours that an explanation uses; chalk's own instance fits. */
export interface TextPaint {
  dim(text: string): string
  green(text: string): string
}

/** An explanation for people: what was seen, what was compared, what won and what would have changed it. */
export function explanationText(explanation: Explanation<unknown>, paint: TextPaint, width?: number): string {
  const { signals, policy, candidates, chosen, reason, flip, propensity, cache } = explanation
  const { difficulty, complexity, task, inputTokens, needs } = signals
  const row = (name: string, value: string): string => `${paint.dim(name.padEnd(8))} ${value}`
  const compared = table<CandidateJson>(
    candidates,
    [
      { head: 'MODEL', cell: (c) => (c.model === chosen ? paint.green(`▸ ${c.model}`) : `  ${c.model}`) },
      { head: 'COST', align: 'right', cell: (c) => usdText(c.costUsd) },
      { head: 'LATENCY', align: 'right', cell: (c) => formatMs(c.latencyMs) },
      { head: 'QUALITY', align: 'right', cell: (c) => c.quality.toFixed(3) },
      { head: 'SCORE', align: 'right', cell: (c) => (c.veto === null ? c.score.toFixed(3) : '—') },
      { head: 'WHY NOT', flexible: true, cell: (c) => (c.veto === null ? '' : `it ${c.veto}`) },
    ],
    { head: paint.dim, ...(width === undefined ? {} : { width }) },
  )
  const needed = needs.length === 0 ? 'nothing special' : needs.join(', ')
  return [
    row('Seen', `${task}, ${complexity}, difficulty ${difficulty.p.toFixed(2)}, about ${inputTokens} tokens in, needs ${needed}`),
    row('Policy', policyLine(policy)),
    '',
    compared.trimEnd(),
    '',
    row('Reason', reason),
    ...(propensity > 0 && propensity < 1 ? [row('Chance', `chosen first in ${(propensity * 100).toFixed(1)}% of equal cases`)] : []),
    ...cacheRows(cache).map((line) => row('Cache', line)),
    row(
      'Flip',
      flip === null
        ? 'no change of a single weight would have chosen the runner-up'
        : `${flip.model} with the ${flip.weight} weight at ${flip.to} instead of ${flip.from}`,
    ),
  ].join('\n')
}

/** What staying with the last model costs against switching, where a warm cache makes the difference. */
function cacheRows(cache: readonly CacheJson[]): readonly string[] {
  return cache
    .filter(({ role, warmTokens }) => role === 'stay' || warmTokens > 0)
    .map(({ model, role, warmTokens, hit, costNowUsd, costColdUsd }) => {
      const warm =
        warmTokens === 0
          ? 'nothing of its cache is warm'
          : `${warmTokens} tokens warm${hit === null ? '' : ` with a chance of ${(hit * 100).toFixed(0)}%`}`
      return `${role} ${role === 'stay' ? 'with' : 'to'} ${model}: ${usdText(costNowUsd)} now, ${usdText(costColdUsd)} cold; ${warm}`
    })
}

function usdText(usd: number | null): string {
  return formatUsd(usd === null ? null : nanoFromUsd(usd))
}

function policyLine({ profile, weights, strategy, minQuality, floor, rule }: Explanation<unknown>['policy']): string {
  const least = minQuality === undefined ? '' : ` with predicted quality of at least ${minQuality}`
  const how =
    weights === undefined ? `${strategy}${least}` : `weights cost ${weights.cost}, quality ${weights.quality}, latency ${weights.latency}`
  return `${profile}: ${how}, floor ${floor}${rule === null ? '' : `, rule ${rule}`}`
}
