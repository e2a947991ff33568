import { type CharCounts, lg } from './char-counts.js'

export const CHAR_NAMES: readonly string[] = [
  ...['len', 'dig', 'up', 'punct', 'math', 'mathr', 'latex', 'code', 'nl', 'ind', 'sent', 'q'],
  ...['comma', 'pct', 'money', 'quo', 'paren', 'maxd', 'brack', 'under', 'blank', 'colon', 'dash', 'non'],
  ...['cjk', 'kana', 'kata', 'cyr', 'slash', 'backtick', 'leq', 'power', 'bang', 'jaquote'],
]

/** ASCII marks: everything visible that is neither letter nor digit, and control characters but the line feed. */
const MARKS: readonly number[] = Array.from({ length: 128 }, (_, c) => c).filter(
  (c) => c !== 32 && c !== 10 && !(c >= 48 && c <= 57) && !(c >= 65 && c <= 90) && !(c >= 97 && c <= 122),
)

/** Shape of the characters of a capped text; `length` is that of the whole text. */
export function charShape(s: string, length: number, counts: CharCounts, out: number[]): void {
  const n = s.length || 1
  const of = (mark: string): number => counts.ascii[mark.charCodeAt(0)]!
  let punct = 0
  for (let k = 0; k < MARKS.length; k++) punct += counts.ascii[MARKS[k]!]!
  const math = of('^') + of('=') + of('+') + of('*') + of('<') + of('>') + counts.bounds + counts.signs
  const cj = counts.glyphs || 1
  out.push(
    lg(length),
    counts.digits / n,
    counts.capitals / n,
    punct / n,
    lg(math),
    (math / n) * 20,
    lg(counts.commands),
    lg(of('{') + of('}') + of(';')),
    lg(of('\n')),
    lg(counts.indents),
    lg(sentences(counts)),
    Math.min(4, of('?') + counts.questions),
    lg(of(',') + counts.commas),
    lg(of('%')),
    lg(of('$')),
    lg(of('"') + of("'")),
    lg(of('(')),
    Math.min(6, counts.depth),
    lg(of('[')),
    lg(of('_')),
    of('_') > 1 && s.includes('__') ? 1 : 0,
    lg(of(':')),
    lg(of('-')),
    lg(counts.foreign),
    lg(counts.glyphs),
    counts.hiragana / cj,
    counts.katakana / cj,
    lg(counts.cyrillic),
    lg(of('/')),
    lg(of('`')),
    lg(counts.bounds + (of('\\') === 0 ? 0 : countOf(s, '\\le'))),
    lg(of('^')),
    lg(of('!')),
    lg(counts.quotes),
  )
}

/** Ends of sentences. */
export function sentences({ ascii, decimals, stops, questions }: CharCounts): number {
  return ascii[63]! + ascii[33]! + ascii[46]! - decimals + stops + questions
}

function countOf(s: string, piece: string): number {
  let count = 0
  for (let at = s.indexOf(piece); at >= 0; at = s.indexOf(piece, at + 1)) count++
  return count
}
