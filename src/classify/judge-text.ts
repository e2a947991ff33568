import { entry } from '../kit/index.js'
import type { Classifier } from './classifier.js'
import { type Judgement, judgeRead } from './judge.js'
import { detectLanguage } from './language.js'
import { readPrompt } from './read-prompt.js'
import { rememberTexts } from './remember.js'

/** The verdict on a text by itself, in whatever session. */
export interface JudgedText {
  /** As `readPrompt` leaves it, in small letters. */
  readonly low: string
  readonly verdict: Judgement
  readonly language: string
}

/** An agent's loop asks about the same text with every step, and importing it dozens of times. */
const KEPT = 64
/** A longer text, in characters, is not worth caching. */
const LONGEST = 20_000
const memories = new WeakMap<Classifier, ReturnType<typeof rememberTexts<JudgedText>>>()

export function judgeText(text: string, classifier: Classifier): JudgedText {
  const judge = (): JudgedText => {
    const read = readPrompt(text)
    return { low: read.low, verdict: judgeRead(read, classifier), language: detectLanguage(text) }
  }
  if (text.length > LONGEST) return judge()
  return entry(memories, classifier, () => rememberTexts(KEPT))(text, judge)
}
