import { isRecord, type Json } from '../kit/index.js'

/** Reads fields of unknown type: unexpected values count as absent, since logs change with every version. */
export type Fields = Json

export function fields(value: unknown): Fields | null {
  return isRecord(value) ? value : null
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A finite number, also when written as text, as in CSV. */
export function number(value: unknown): number | null {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof n === 'number' && Number.isFinite(n) ? n : null
}

/** A count of tokens: whole and not negative. */
export function count(value: unknown): number | null {
  const n = number(value)
  return n === null || n < 0 ? null : Math.round(n)
}

/** Whole milliseconds of ISO 8601, `YYYY-MM-DD hh:mm:ss` in UTC, or seconds or milliseconds since the epoch: decisions are recorded to the millisecond. */
export function timeMs(value: unknown): number | null {
  const n = number(value)
  if (n !== null) return Math.floor(n > 1e11 ? n : n * 1000)
  if (typeof value !== 'string') return null
  const iso = /^\d{4}-\d\d-\d\d \d/.test(value) ? value.trim().replace(' ', 'T') : value
  const ms = Date.parse(/\d\d:\d\d/.test(iso) && !/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso)
  return Number.isNaN(ms) ? null : ms
}
