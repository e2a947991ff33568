const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `'500ms'`, `'90s'`, `'30m'`, `'24h'`, `'7d'`, `'2w'` in milliseconds; null for anything else. */
export function durationMs(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(text.trim())
  return parts === null ? null : Math.round(Number(parts[1]) * UNIT_MS[parts[2]!]!)
}
