/** Quantities as people read them; an em dash stands for unknown. */

/** `312 ms`, `4.20 s`, `3 min`, `24 h`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '—'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Number((ms / 3_600_000).toFixed(1))} h`
}

/** `950`, `12.3k`, `4.56M`. */
export function formatCount(n: number | null): string {
  if (n === null) return '—'
  if (n < 10_000) return String(Math.round(n))
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)}k`
  return `${(n / 1_000_000).toFixed(2)}M`
}

/** `950 bytes`, `1 KB`, `64 MB`, `2.5 GB`: powers of ten, as sizes are written in a configuration. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} KB`
  return bytes < 1e9 ? `${Number((bytes / 1e6).toFixed(1))} MB` : `${Number((bytes / 1e9).toFixed(1))} GB`
}

/** `1 call`, `12.3k calls`. */
export function formatNumberOf(n: number, one: string): string {
  return `${formatCount(n)} ${n === 1 ? one : `${one}s`}`
}

/** `1 call`, `12345 calls`: where it matters whether it was all of them. */
export function formatExactly(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`
}

export function formatPercent(fraction: number | null): string {
  return fraction === null ? '—' : `${(fraction * 100).toFixed(Math.abs(fraction) < 0.1 ? 1 : 0)}%`
}

/** Local time of day, `09:05:07`. */
export function formatTimeOfDay(ms: number): string {
  const d = new Date(ms)
  return [d.getHours(), d.getMinutes(), d.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':')
}

/** Local month, day and time, `11-21 09:05:07`. */
export function formatMoment(ms: number): string {
  const d = new Date(ms)
  return `${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')} ${formatTimeOfDay(ms)}`
}
