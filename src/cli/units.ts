/** `312 ms`, `4.20 s`, `3 min`; an em dash when unknown. */
export function duration(ms: number | null): string {
  if (ms === null) return '—'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${Math.round(ms / 60_000)} min`
}

/** `950`, `12.3k`, `4.56M`. */
export function count(n: number | null): string {
  if (n === null) return '—'
  if (n < 10_000) return String(Math.round(n))
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)}k`
  return `${(n / 1_000_000).toFixed(2)}M`
}

export function percent(fraction: number | null): string {
  return fraction === null ? '—' : `${(fraction * 100).toFixed(Math.abs(fraction) < 0.1 ? 1 : 0)}%`
}

/** Local date and time without a year, as a listing shows it. */
export function clockTime(iso: string): string {
  const d = new Date(iso)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}
