import { formatCount, formatMs, formatPercent, formatTimeOfDay, formatUsd, localDay, table } from '../kit/index.js'
import type { Forecast } from '../simulate/index.js'
import type { Look } from './paint.js'
import { quality } from './simulate/show-simulation.js'

type Row = readonly [what: string, expected: string, happened: string]

/** A forecast for a terminal: the expectation beside what happened. */
export function showForecast(
  { policy, changedMs, before, predicted, happened, error, inside, evidence }: Forecast,
  { width }: Look,
): string {
  const usd = (nano: number): string => formatUsd(Math.round(nano))
  const { value, low, high } = predicted.costPerCall
  const rows: readonly Row[] = [
    ['cost a call', `${usd(value)} (${usd(low)} to ${usd(high)})`, usd(happened.costPerCall)],
    ['predicted quality', quality(predicted.quality), quality(happened.quality)],
    ['latency p50', formatMs(predicted.p50Ms), formatMs(happened.p50Ms)],
  ]
  return [
    `${policy} was adopted on ${localDay(changedMs)} ${formatTimeOfDay(changedMs)}. Expected from ${formatCount(before.calls)} calls before, in the mix of the ${formatCount(happened.calls)} calls since:`,
    '',
    table<Row>(rows, { width }, [
      { head: '', cell: (r) => r[0] },
      { head: 'EXPECTED', cell: (r) => r[1] },
      { head: 'HAPPENED', cell: (r) => r[2] },
    ]),
    `Calls cost ${formatPercent(Math.abs(error))} ${error >= 0 ? 'more' : 'less'} than expected, ${inside ? 'within' : 'outside'} the interval. Evidence: ${evidence}.`,
    'The interval is for the same requests: requests that were other than before, route by route, are not in it.',
  ].join('\n')
}
