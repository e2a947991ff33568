import { cellWidth, cutCells, padCells, wrapCells } from '../kit/index.js'

/** A piece of a status line: its plain text, how to colour it, and when to leave it out (highest rank first). */
export interface Segment {
  readonly text: string
  readonly rank: number
  paint?(text: string): string
}

const GAP = 2

/** As many segments as fit into one line, in their order; the last one left is cut. */
export function fitSegments(segments: readonly Segment[], width: number): string {
  let shown = segments.filter(({ text }) => text !== '')
  const used = (): number => shown.reduce((sum, { text }) => sum + cellWidth(text) + GAP, -GAP)
  while (shown.length > 1 && used() > width) {
    const worst = Math.max(...shown.map(({ rank }) => rank))
    const last = shown.findLastIndex(({ rank }) => rank === worst)
    shown = shown.filter((_segment, at) => at !== last)
  }
  return shown.map(({ text, paint }) => (paint ?? String)(cutCells(text, width))).join(' '.repeat(GAP))
}

/** Sentences in as many lines as they take: of a text that has a line wider than the screen, Ink shows nothing after that line. */
export function fitLines(lines: readonly string[], width: number, indent = 0): readonly string[] {
  return lines.flatMap((line) => wrapCells(line, width, indent))
}

/** Two texts at the ends of a line; the right one gives way. */
export function ends(left: string, right: string, width: number): string {
  const room = width - cellWidth(left) - 1
  return room < cellWidth(right) ? left : left + padCells('', width - cellWidth(left) - cellWidth(right)) + right
}

/** The part of `provider/name` that distinguishes models when there is no room for both. */
export function withoutProvider(model: string): string {
  return model.slice(model.indexOf('/') + 1)
}

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
