/** A histogram of times on a logarithmic scale: each bin is a tenth wider than the one before. Decayed; plain data. */
interface Times {
  total: number
  readonly bins: Record<string, number>
}

const STEP = Math.log(1.1)
/** Times are kept from a tenth of a millisecond up. */
const LEAST_MS = 0.1
/** Old observations lose half their weight over this many new ones. */
const HALF_LIFE = 200
const GROWTH = 2 ** (1 / HALF_LIFE)
/** New weights grow instead of all old ones being decayed; beyond this limit all are scaled back. */
const TOO_HEAVY = 1e12

export interface DecayedTimes {
  readonly times: Times
  weight: number
}

export function emptyTimes(): DecayedTimes {
  return { times: { total: 0, bins: {} }, weight: 1 }
}

export function addTime(d: DecayedTimes, ms: number): void {
  const bin = String(Math.max(0, Math.round(Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / STEP)))
  d.weight *= GROWTH
  d.times.bins[bin] = (d.times.bins[bin] ?? 0) + d.weight
  d.times.total += d.weight
  if (d.weight < TOO_HEAVY) return
  for (const key in d.times.bins) d.times.bins[key]! /= d.weight
  d.times.total /= d.weight
  d.weight = 1
}

/** The time below which a share `q` of the calls was, milliseconds, to within a twentieth; null when nothing was seen. */
export function quantile(d: DecayedTimes, q: number): number | null {
  const { bins, total } = d.times
  if (total <= 0) return null
  let upTo = 0
  for (const bin of Object.keys(bins)
    .map(Number)
    .sort((a, b) => a - b)) {
    upTo += bins[String(bin)]!
    if (upTo >= q * total) return LEAST_MS * Math.exp(bin * STEP)
  }
  return null
}
