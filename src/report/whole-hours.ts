const HOUR_MS = 3_600_000

/** Times in milliseconds since the epoch; `until` is excluded. */
export interface Range {
  readonly since?: number
  readonly until?: number
}

/** Rounded outwards, as the hourly totals are, so that what is read call by call covers the same calls as the totals. */
export function wholeHours({ since, until }: Range): Range {
  return {
    ...(since === undefined ? {} : { since: Math.floor(since / HOUR_MS) * HOUR_MS }),
    ...(until === undefined ? {} : { until: Math.ceil(until / HOUR_MS) * HOUR_MS }),
  }
}
