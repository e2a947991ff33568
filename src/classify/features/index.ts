import { CHAR_NAMES, charShape } from './char-shape.js'
import { CODE_NAMES, codeShape } from './code-shape.js'
import { type Bag, hashTokens } from './hashed.js'
import { JAPANESE_NAMES, japaneseShape } from './japanese-shape.js'
import { ORDER_NAMES, orderShape } from './order-shape.js'
import { QUESTION_NAMES, questionShape } from './question-shape.js'
import { scan } from './scan.js'
import { WORD_NAMES, wordShape } from './word-shape.js'

/** Names of the dense features in order. */
export const FEATURE_NAMES: readonly string[] = [
  ...CHAR_NAMES,
  ...WORD_NAMES,
  ...QUESTION_NAMES,
  ...CODE_NAMES,
  ...JAPANESE_NAMES,
  ...ORDER_NAMES,
]
const GLYPHS = (CHAR_NAMES as readonly string[]).indexOf('cjk')
const SENTENCES = (CHAR_NAMES as readonly string[]).indexOf('sent')

export { BUCKETS } from './hashed.js'

export interface Features {
  readonly dense: number[]
  /** Valid until the next text is read. */
  readonly bag: Bag
  /** The text ends by asking for an answer's letter. */
  readonly endsInAnswer: boolean
}

/** Features of a capped text; `length` is that of the whole. */
export function extractFeatures(text: string, length: number): Features {
  const low = text.toLowerCase()
  const tokens = scan(low)
  const dense: number[] = []
  charShape(text, length, dense)
  wordShape(low, tokens, Math.expm1(dense[SENTENCES] as number), dense)
  questionShape(text, low, tokens.count, dense)
  codeShape(low, dense)
  japaneseShape(text, (dense[GLYPHS] as number) > 0, dense)
  orderShape(text, low, tokens.count, dense)
  return { dense, bag: hashTokens(low, tokens), endsInAnswer: /answer:\s*$/i.test(text.slice(-24)) }
}
