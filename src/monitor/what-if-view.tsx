import { useInput } from 'ink'
import { useEffect, useState } from 'react'
import type { Feed, WhatIf, WhatIfWeights } from './feed.js'
import { Lines } from './lines-view.js'
import type { Palette } from './palette.js'
import { whatIfLines } from './what-if-lines.js'

const DIALS = ['cost', 'quality', 'latency'] as const
/** Pause after the last turn of a dial before the day is decided again. */
const SETTLE_MS = 150

interface WhatIfProps {
  readonly feed: Feed
  readonly width: number
  readonly height: number
  readonly palette: Palette
}

export function WhatIfView({ feed, width, height, palette }: WhatIfProps): React.JSX.Element {
  const [weights, setWeights] = useState<WhatIfWeights>({ cost: 0.35, quality: 0.45, latency: 0.2 })
  const [dial, setDial] = useState(0)
  const [result, setResult] = useState<WhatIf | null | 'working'>('working')

  useInput((input, key) => {
    if (key.tab) setDial((at) => (at + 1) % DIALS.length)
    const by = key.rightArrow || input === '+' ? 0.05 : key.leftArrow || input === '-' ? -0.05 : 0
    const name = DIALS[dial] ?? 'cost'
    if (by !== 0) setWeights((now) => ({ ...now, [name]: Math.min(1, Math.max(0, Math.round((now[name] + by) * 100) / 100)) }))
  })
  useEffect(() => {
    let stale = false
    setResult('working')
    const timer = setTimeout(() => {
      feed.whatIf(weights).then(
        (answer) => {
          if (!stale) setResult(answer)
        },
        () => {
          if (!stale) setResult(null)
        },
      )
    }, SETTLE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [feed, weights])

  return <Lines lines={whatIfLines({ weights, dial: DIALS[dial] ?? 'cost', result }, width, palette)} height={height} />
}
