import { type Key, useInput } from 'ink'
import { useEffect, useState } from 'react'
import { formatDollars, formatPercent } from '../kit/index.js'
import type { Feed, WhatIf, WhatIfWeights } from './feed.js'
import { presses } from './keys.js'
import { bar, fitLines } from './lines.js'
import { Lines } from './lines-view.js'
import type { Palette } from './palette.js'

const DIALS = ['cost', 'quality', 'latency'] as const

/** Null: there are no calls to decide again. */
type Result = WhatIf | null | 'working'

/** Pause after the last turn of a dial before the day is decided again. */
const SETTLE_MS = 150

interface Dials {
  readonly weights: WhatIfWeights
  /** The one that the arrows turn. */
  readonly dial: (typeof DIALS)[number]
}

interface WhatIfProps {
  readonly feed: Feed
  readonly width: number
  readonly height: number
  readonly palette: Palette
}

export function WhatIfView({ feed, width, height, palette }: WhatIfProps): React.JSX.Element {
  const [{ weights, dial }, turn] = useState<Dials>({ weights: { cost: 0.35, quality: 0.45, latency: 0.2 }, dial: 'cost' })
  const [result, setResult] = useState<Result>('working')

  useInput((typed, pressed) => {
    for (const { input, key } of presses(typed, pressed)) turn((now) => turned(now, input, key))
  })
  useEffect(() => {
    let stale = false
    setResult('working')
    const timer = setTimeout(() => {
      const answered = feed.whatIf(weights).catch(() => null)
      answered.then((answer) => !stale && setResult(answer))
    }, SETTLE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [feed, weights])

  return <Lines lines={whatIfLines(weights, dial, result, width, palette)} height={height} />
}

function turned(now: Dials, input: string, key: Key): Dials {
  const { weights, dial } = now
  if (key.tab) return { weights, dial: DIALS[(DIALS.indexOf(dial) + 1) % DIALS.length] ?? 'cost' }
  const by = key.rightArrow || input === '+' ? 0.05 : key.leftArrow || input === '-' ? -0.05 : 0
  if (by === 0) return now
  return { weights: { ...weights, [dial]: Math.min(1, Math.max(0, Math.round((weights[dial] + by) * 100) / 100)) }, dial }
}

/** The dials, and what the last 24 hours would have cost with these settings. */
function whatIfLines(weights: WhatIfWeights, dial: Dials['dial'], result: Result, width: number, palette: Palette): readonly string[] {
  const room = Math.max(4, Math.min(40, width - 22))
  const dials = DIALS.map((name) => {
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

function outcome(result: Result, palette: Palette): readonly string[] {
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
