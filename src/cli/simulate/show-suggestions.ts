import { formatCount, formatPercent, formatUsd, table } from '../../kit/index.js'
import type { Simulation, Suggestion } from '../../simulate/index.js'
import type { Look } from '../paint.js'
import { between, leftOut, quality } from './show-simulation.js'

/** Additions to the pool that would have saved, best first. */
export function showSuggestions(found: readonly Suggestion[], asIs: Simulation, tried: number, look: Look): string {
  if (asIs.calls === 0) return ['There is no figure to show.', ...leftOut(asIs.excluded, look)].join('\n')
  const [best] = found
  const { cost } = asIs.simulated
  const own =
    asIs.savings.value === 0
      ? []
      : [
          `The pool as it is would have cost ${formatUsd(cost.value)}, where ${formatUsd(asIs.actual.cost)} was spent; savings are beyond that.`,
        ]
  if (best === undefined)
    return [`None of the ${tried} models tried would have saved anything without losing predicted quality.`, ...own].join('\n')
  const list = table<Suggestion>(found.slice(0, 8), look, [
    { head: 'CHANGE', flexible: true, leave: 9, cell: (s) => s.change },
    { head: 'WOULD SAVE', align: 'right', cell: ({ saves }) => formatUsd(saves.value) },
    { head: '95% INTERVAL', leave: 1, cell: ({ saves }) => between(saves, formatUsd) },
    { head: 'SHARE', leave: 3, align: 'right', cell: ({ saves }) => formatPercent(cost.value === 0 ? 0 : saves.value / cost.value) },
    {
      head: 'QUALITY',
      leave: 4,
      align: 'right',
      cell: ({ result }) => `${quality(asIs.simulated.quality?.value)} → ${quality(result.simulated.quality?.value)}`,
    },
    { head: 'CALLS', leave: 2, align: 'right', cell: ({ result }) => formatCount(result.changed) },
  ])
  const thin = look.paint.yellow(
    'None of these models has answered here yet: what they do is what the catalog expects, so try one on a share of the traffic first.',
  )
  return [
    `${look.paint.bold(best.change)} would have saved most, ${formatUsd(best.saves.value)}, of ${tried} models tried.`,
    '',
    list,
    ...own,
    thin,
  ].join('\n')
}
