import { stripVTControlCharacters } from 'node:util'

/** Terminal cells a text takes: East Asian wide characters and emoji take two, combining marks and colour codes none. */
export function cellWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  const bare = text.includes('\u001b') ? stripVTControlCharacters(text) : text
  if (PLAIN.test(bare)) return bare.length
  let width = 0
  for (const { segment } of segmentsOf(bare)) width += segmentWidth(segment)
  return width
}

/** The text in at most `width` cells, an ellipsis where something is left out. Colour codes are lost when it is cut. */
export function cutCells(text: string, width: number): string {
  if (cellWidth(text) <= width) return text
  if (width <= 0) return ''
  if (PLAIN.test(text)) return `${text.slice(0, width - 1)}…`
  let out = ''
  let used = 0
  for (const { segment } of segmentsOf(stripVTControlCharacters(text))) {
    used += segmentWidth(segment)
    if (used > width - 1) break
    out += segment
  }
  return `${out}…`
}

/** The text in exactly `width` cells, cut or filled up with spaces. */
export function padCells(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitted = cutCells(text, width)
  const gap = ' '.repeat(Math.max(0, width - cellWidth(fitted)))
  return align === 'right' ? gap + fitted : fitted + gap
}

/** The text in lines of at most `width` cells, broken at spaces; those after the first begin with `indent` spaces. A wider word is cut. */
export function wrapCells(text: string, width: number, indent = 0): readonly string[] {
  if (cellWidth(text) <= width) return [text]
  const margin = ' '.repeat(Math.min(indent, Math.floor(width / 4)))
  const lines: string[] = []
  let line = ''
  let isBegun = false
  for (const word of text.split(' ')) {
    const longer = isBegun ? `${line} ${word}` : `${line}${word}`
    if (isBegun && cellWidth(longer) > width) {
      lines.push(line)
      line = cutCells(`${margin}${word}`, width)
    } else line = cutCells(longer, width)
    isBegun = true
  }
  return [...lines, line]
}

function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

function segmentWidth(segment: string): number {
  return WIDE.test(segment) ? 2 : ZERO.test(segment) ? 0 : 1
}

/** One cell for each code unit: ASCII, Latin, dashes and quotes, and the lines, blocks, arrows and marks that tables and bars are made of. */
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u2298\u2500-\u259f\u25b8\u25cb-\u25cf\u25d0\u2713\u2717]*$/
/** Made when it is first needed: that takes longer than loading this room. */
let segmenter: Intl.Segmenter | undefined
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
const ZERO = /^[\p{Cc}\p{Mn}\p{Cf}]+$/u
