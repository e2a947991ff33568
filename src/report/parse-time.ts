import { Fault } from '../kit/index.js'
import { durationMs } from '../policy/duration.js'

/** `30d`, `12h`, `90m` as milliseconds. Throws E_USAGE naming the option. */
export function parseDuration(text: string, option: string): number {
  const ms = durationMs(text)
  if (ms === null) throw new Fault('E_USAGE', `'${text}' is no duration for ${option}.`, { hint: 'Give one such as 30d, 12h or 45m.' })
  return ms
}

/** A duration back from now, or an ISO 8601 time, local unless it names a zone, as milliseconds since the epoch. Throws E_USAGE. */
export function parseTime(text: string, option: string, nowMs: number): number {
  const back = durationMs(text)
  if (back !== null) return nowMs - back
  const [, date = '', month = '', day = '01', rest = ''] = /^(\d{4}-(\d{2}))(?:-(\d{2}))?(.*)$/.exec(text.trim()) ?? []
  // Date.parse reads a date without a time as UTC, and 30 February as 2 March.
  const ms = Date.parse(`${date}-${day}${rest || 'T00:00'}`)
  if (Number.isNaN(ms) || Number(day) > daysIn(date, month)) throw badTime(text, option)
  return ms
}

function daysIn(date: string, month: string): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), Number(month), 0)).getUTCDate()
}

/** `--since` and `--until` as bounds; an option that was not given sets none. Throws E_USAGE where nothing can lie between them. */
export function parseRange(
  options: { readonly since?: string | undefined; readonly until?: string | undefined },
  nowMs: number,
): { since?: number; until?: number } {
  const since = options.since === undefined ? undefined : parseTime(options.since, '--since', nowMs)
  const until = options.until === undefined ? undefined : parseTime(options.until, '--until', nowMs)
  if (since !== undefined && until !== undefined && since >= until)
    throw new Fault('E_USAGE', `--since ${options.since} is not before --until ${options.until}.`, {
      hint: 'Give the earlier time to --since: 2d is earlier than 1d.',
    })
  return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
}

function badTime(text: string, option: string): Fault {
  return new Fault('E_USAGE', `'${text}' is no time for ${option}.`, {
    hint: 'Give a duration such as 30d, 12h or 45m, or a time such as 2026-11-01.',
  })
}
