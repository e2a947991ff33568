import { Fault } from '../kit/index.js'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `30d`, `12h`, `90m` as milliseconds. Throws E_USAGE naming the option. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? []
  if (amount === undefined || unit === undefined) throw badTime(text, option)
  return Number(amount) * (UNITS[unit] ?? 0)
}

/** A duration back from now, or an ISO 8601 time, as milliseconds since the epoch. Throws E_USAGE. */
export function parseTime(text: string, option: string, nowMs: number): number {
  if (/^\d+(\.\d+)?[a-z]$/.test(text.trim())) return nowMs - parseDuration(text, option)
  const ms = /^\d{4}-\d{2}/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN
  if (Number.isNaN(ms)) throw badTime(text, option)
  return ms
}

function badTime(text: string, option: string): Fault {
  return new Fault('E_USAGE', `'${text}' is no time for ${option}.`, {
    hint: 'Give a duration such as 30d, 12h or 45m, or a time such as 2026-11-01.',
  })
}
