import { HOUR_MS } from '../kit/index.js'
import type { TimeRange } from '../ledger/index.js'

/** Rounded outwards, as the hourly totals are, so that what is read call by call covers the same calls as the totals. */
export function wholeHours({ since, until }: TimeRange): TimeRange {
  return {
    ...(since === undefined ? {} : { since: Math.floor(since / HOUR_MS) * HOUR_MS }),
    ...(until === undefined ? {} : { until: Math.ceil(until / HOUR_MS) * HOUR_MS }),
  }
}
