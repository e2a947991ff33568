import { formatDollars, formatPercent } from '../kit/index.js'
import type { WhatIf, WhatIfWeights } from './feed.js'
import { bar } from './glyphs.js'
import { fitLines } from './lines.js'
import type { Palette } from './palette.js'

export interface WhatIfState {
  readonly weights: WhatIfWeights
  readonly dial: keyof WhatIfWeights
  readonly result: WhatIf | null | 'working'
}

/** The dials, and what the last 24 hours would have cost with these settings. */
export function whatIfLines({ weights, dial, result }: WhatIfState, width: number, palette: Palette): readonly string[] {
  const room = Math.max(4, Math.min(40, width - 22))
  const dials = (['cost', 'quality', 'latency'] as const).map((name) => {
    const line = `${name === dial ? '▸' : ' '} ${name.padEnd(8)} ${bar(weights[name], room)} ${weights[name].toFixed(2)}`
    return name === dial ? palette.accent(line) : line
  })
  const lines = [
    'What if the last 24 hours had been decided with these weights?',
    '',
    ...dials,
    '',
    ...outcome(result, palette),
    '',
    palette.faint('tab next dial, ← → turn, esc back'),
  ]
  return fitLines(lines, width, 2)
}

function outcome(result: WhatIf | null | 'working', palette: Palette): readonly string[] {
  if (result === 'working') return [palette.faint('deciding again…')]
  if (result === null) return ['There is nothing to decide again: no routed calls in the last 24 hours.']
  const saved = result.actualUsd - result.simulatedUsd
  return [
    `${result.calls} calls, ${result.changed} would have gone to another model`,
    `spent ${formatDollars(result.actualUsd)}, would have spent ${palette.money(formatDollars(result.simulatedUsd))} (${formatDollars(result.lowUsd)} to ${formatDollars(result.highUsd)})`,
    saved >= 0 ? palette.good(`${formatDollars(saved)} less`) : palette.bad(`${formatDollars(-saved)} more`),
    `predicted quality ${formatPercent(result.qualityActual)} then, ${formatPercent(result.qualitySimulated)} with these weights`,
    result.evidence === 'sufficient' ? '' : palette.warn(`the evidence is ${result.evidence}`),
  ]
}
