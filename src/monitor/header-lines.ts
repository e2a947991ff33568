import { formatCount, formatMs, formatNumberOf, formatPercent, formatTimeOfDay, formatUsd } from '../kit/index.js'
import { BREAKER_GLYPH, ends, fitSegments, type Segment } from './lines.js'
import type { Palette } from './palette.js'
import type { Snapshot } from './snapshot.js'
import type { SpanSums } from './spend-sums.js'

/** Which daemon is running, cost and savings, speed and health: three lines. */
export function headerLines(snapshot: Snapshot, width: number, palette: Palette): readonly string[] {
  const { daemon, today, month } = snapshot
  const who: readonly Segment[] = [
    { text: 'llmroute', rank: 0, paint: palette.strong },
    ...(daemon === null
      ? [{ text: 'no daemon, reading the ledger', rank: 1, paint: palette.faint }]
      : [
          { text: `${daemon.profile} · ${daemon.pool} models`, rank: 2 },
          { text: daemon.sandbox ? 'simulated' : '', rank: 1, paint: palette.warn },
          { text: daemon.url, rank: 3, paint: palette.faint },
        ]),
  ]
  const money: readonly Segment[] = [
    { text: `today ${formatUsd(today.costNano)}`, rank: 0, paint: palette.money },
    { text: `month ${formatUsd(month.costNano)}`, rank: 2, paint: palette.money },
    ...savings(month, snapshot.baselines, palette),
    { text: month.notionalNano > 0 ? `${formatUsd(month.notionalNano)} notional` : '', rank: 5, paint: palette.faint },
    { text: month.unpriced > 0 ? `${formatCount(month.unpriced)} unpriced` : '', rank: 5, paint: palette.warn },
  ]
  const health: readonly Segment[] = [
    { text: `${formatNumberOf(today.calls, 'call')} today`, rank: 2 },
    { text: `${formatCount(snapshot.callsPerMinute)}/min`, rank: 0 },
    overhead(snapshot.overhead),
    { text: lights(snapshot), rank: 1, paint: snapshot.models.some(({ breaker }) => breaker === 'open') ? palette.bad : palette.good },
  ]
  return [
    ends(fitSegments(who, width), palette.faint(formatTimeOfDay(snapshot.nowMs)), width),
    fitSegments(money, width),
    fitSegments(health, width),
  ]
}

function savings(span: SpanSums, baselines: readonly string[], palette: Palette): readonly Segment[] {
  if (span.savingsNano === null) return []
  const share = span.baselineNano ? ` ${formatPercent(span.savingsNano / span.baselineNano)}` : ''
  const range = span.savingsLowNano === null ? '' : `(${formatUsd(span.savingsLowNano)} to ${formatUsd(span.savingsHighNano)})`
  const against = baselines.length === 1 ? `vs ${baselines[0]}` : baselines.length > 1 ? `vs ${baselines.length} baselines` : ''
  const word = span.savingsNano < 0 ? 'lost' : 'saved'
  return [
    { text: `${word} ${formatUsd(Math.abs(span.savingsNano))}${share}`, rank: 1, paint: span.savingsNano < 0 ? palette.bad : palette.good },
    { text: range, rank: 4, paint: palette.faint },
    { text: against, rank: 3, paint: palette.faint },
  ]
}

function overhead({ p50Ms, p95Ms }: Snapshot['overhead']): Segment {
  return { text: p50Ms === null ? '' : `overhead p50 ${formatMs(p50Ms)}, p95 ${formatMs(p95Ms)}`, rank: 3 }
}

/** One light a model, in the pool's order; nothing without a daemon to ask. */
function lights({ models }: Snapshot): string {
  return models.map(({ breaker }) => (breaker === null ? '' : BREAKER_GLYPH[breaker])).join('')
}
