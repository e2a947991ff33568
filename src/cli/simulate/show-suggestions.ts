import { formatCount, formatUsd, table } from '../../kit/index.js'
import type { Suggestion } from '../../simulate/index.js'
import type { Look } from '../paint.js'
import { between, share } from './show-simulation.js'

/** Additions to the pool that would have saved, best first. */
export function showSuggestions(found: readonly Suggestion[], tried: number, look: Look): string {
  const [best] = found
  if (best === undefined) return `None of the ${tried} models tried would have saved anything without losing predicted quality.`
  const list = table<Suggestion>(
    found.slice(0, 8),
    [
      { head: 'CHANGE', flexible: true, leave: 9, cell: (s) => s.change },
      { head: 'WOULD SAVE', align: 'right', cell: ({ result }) => formatUsd(result.savings.value) },
      { head: '95% INTERVAL', leave: 1, cell: ({ result }) => between(result.savings, formatUsd) },
      { head: 'SHARE', leave: 3, align: 'right', cell: ({ result }) => share(result) },
      {
        head: 'QUALITY',
        leave: 4,
        align: 'right',
        cell: ({ result }) => `${result.actual.quality.toFixed(3)} → ${result.simulated.quality.value.toFixed(3)}`,
      },
      { head: 'CALLS', leave: 2, align: 'right', cell: ({ result }) => formatCount(result.changed) },
    ],
    { head: look.paint.dim, width: look.width },
  )
  const thin = look.paint.yellow(
    'None of these models has answered here yet: what they do is what the catalog expects, so try one on a share of the traffic first.',
  )
  return [
    `${look.paint.bold(best.change)} would have saved most, ${formatUsd(best.result.savings.value)}, of ${tried} models tried.`,
    '',
    list,
    thin,
  ].join('\n')
}
