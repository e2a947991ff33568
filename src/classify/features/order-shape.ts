import { type CharCounts, is, isWord, lg } from './char-counts.js'

export const ORDER_NAMES = ['and', 'namepair', 'numberpair', 'second', 'shortask', 'shortdo', 'quoted', 'stage'] as const

const SHORT = 16

/** How many coordinated actions a request asks for, and whether it is a short question or a short order. */
export function orderShape(s: string, low: string, words: number, counts: CharCounts, out: number[]): void {
  const asks = /^\s*(?:what|who|where|when|which|how|is|are|does|did|can)\b/.test(low)
  const count = (text: string, mark: RegExp): number => lg(text.match(mark)?.length ?? 0)
  out.push(
    lg(countAnd(low)),
    counts.capitals < 2 ? 0 : count(s, /\b[A-Z]\w+(?:,? and|,) (?:the )?[A-Z]\w+/g),
    counts.digits < 2 ? 0 : count(s, /\d[\w%.]{0,12}(?:,? and|,| or) \$?\d/g),
    count(
      low,
      /(?:[.?!;,] |\n)(?:also|and|then|next|finally|in addition|additionally|after that|afterwards|lastly|second|secondly|plus)\b/g,
    ),
    is(asks && words < SHORT),
    is(!asks && words < SHORT),
    quotes(counts) < 2 ? 0 : count(low, /'[^'\n]{1,40}'|"[^"\n]{1,40}"|`[^`\n]{1,40}`/g),
    is(/first line|following format|\breturn the\b|\btest cases?\b|\bsubtask/.test(low)),
  )
}

function quotes({ ascii }: CharCounts): number {
  return ascii[34]! + ascii[39]! + ascii[96]!
}

function countAnd(low: string): number {
  let count = 0
  for (let at = low.indexOf('and'); at >= 0; at = low.indexOf('and', at + 3))
    if (!isWord(at > 0 ? low.charCodeAt(at - 1) : 0) && !isWord(low.charCodeAt(at + 3))) count++
  return count
}
