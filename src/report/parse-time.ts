import { Fault } from '../kit/index.js'
import { durationMs } from '../policy/duration.js'

/** `30d`, `12h`, `90m` as milliseconds. Throws E_USAGE naming the option. */
export function parseDuration(text: string, option: string): number {
  const ms = durationMs(text)
  if (ms === null) throw badTime(text, option)
  return ms
}

/** A duration back from now, or an ISO 8601 time, as milliseconds since the epoch. Throws E_USAGE. */
export function parseTime(text: string, option: string, nowMs: number): number {
  const back = durationMs(text)
  if (back !== null) return nowMs - back
  const ms = /^\d{4}-\d{2}/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN
  if (Number.isNaN(ms)) throw badTime(text, option)
  return ms
}

/** `--since` and `--until` as bounds; an option that was not given sets none. */
export function parseRange(
  options: { readonly since?: string | undefined; readonly until?: string | undefined },
  nowMs: number,
): { since?: number; until?: number } {
  return {
    ...(options.since === undefined ? {} : { since: parseTime(options.since, '--since', nowMs) }),
    ...(options.until === undefined ? {} : { until: parseTime(options.until, '--until', nowMs) }),
  }
}

function badTime(text: string, option: string): Fault {
  return new Fault('E_USAGE', `'${text}' is no time for ${option}.`, {
    hint: 'Give a duration such as 30d, 12h or 45m, or a time such as 2026-11-01.',
  })
}
