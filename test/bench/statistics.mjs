/** The middle of the numbers; NaN of none. */
export function median(numbers) {
  return quantile(numbers, 0.5)
}

/** The number below which the share `p` lies, between neighbours interpolated; NaN of none. */
export function quantile(numbers, p) {
  const sorted = Float64Array.from(numbers).sort()
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * p
  const low = Math.floor(at)
  const below = sorted[low]
  const above = sorted[Math.min(low + 1, sorted.length - 1)]
  return below + (above - below) * (at - low)
}

/** What a table shows of one figure measured once a round. */
export function spread(numbers) {
  const known = numbers.filter(Number.isFinite)
  return known.length === 0
    ? { median: null, min: null, max: null }
    : { median: median(known), min: Math.min(...known), max: Math.max(...known) }
}
