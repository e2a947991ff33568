const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `'90s'`, `'30m'`, `'24h'`, `'7d'` in milliseconds; null for anything else. */
export function durationMs(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text.trim())
  return parts === null ? null : Number(parts[1]) * UNIT_MS[parts[2]!]!
}
