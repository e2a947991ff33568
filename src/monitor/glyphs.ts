const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** A horizontal bar of `share` (0..1) of `width` cells, filled up with spaces. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const text = '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]
  return text.padEnd(width)
}

/** Values as one line of blocks, the newest `width` of them, scaled to their own maximum. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width)
  const top = Math.max(...shown, 0)
  return shown.map((value) => (top === 0 || value <= 0 ? LEVELS[0] : LEVELS[Math.min(7, Math.floor((value / top) * 7.999))])).join('')
}

export const STATUS_GLYPH = { running: '◌', ok: '✓', error: '✗', cancelled: '⊘', interrupted: '!' } as const
export const BREAKER_GLYPH = { closed: '●', 'half-open': '◐', open: '○' } as const
