import { countChars } from './char-counts.js'
import { CHAR_NAMES, charShape, sentences } from './char-shape.js'
import { BOUND_NAMES, boundShape, CODE_NAMES, codeShape } from './code-shape.js'
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
  ...BOUND_NAMES,
]

export { BUCKETS } from './hashed.js'

export interface Features {
  readonly dense: number[]
  /** Valid until the next text is read. */
  readonly bag: Bag
  /** The text ends by asking for an answer's letter. */
  readonly endsInAnswer: boolean
}

/** Features of a capped text; `low` is its lower case, `length` that of the whole. */
export function extractFeatures(text: string, low: string, length: number): Features {
  const counts = countChars(text)
  const tokens = scan(low)
  const dense: number[] = []
  charShape(text, length, counts, dense)
  wordShape(low, tokens, sentences(counts), dense)
  questionShape(text, low, tokens.count, counts, dense)
  codeShape(low, dense)
  japaneseShape(text, low, counts.glyphs > 0, counts.hiragana > 0, dense)
  orderShape(text, low, tokens.count, counts, dense)
  boundShape(text, counts, dense)
  return { dense, bag: hashTokens(tokens), endsInAnswer: /answer:\s*$/i.test(text.slice(-24)) }
}
