import type { Classifier } from './classifier.js'
import { type Judgement, judgeRead } from './judge.js'
import { detectLanguage } from './language.js'
import { readPrompt } from './read-prompt.js'

/** What is to be said of a text by itself, whatever session it stands in. */
export interface JudgedText {
  /** As `readPrompt` leaves it, in small letters. */
  readonly low: string
  readonly verdict: Judgement
  readonly language: string
}

/** Texts kept with what was said of them: an agent's loop asks about the same one with every step, and importing it dozens of times. */
const KEPT = 64
/** A longer one, characters, is not worth its memory. */
const LONGEST = 20_000
const known = new WeakMap<Classifier, Map<string, JudgedText>>()

export function judgeText(text: string, classifier: Classifier): JudgedText {
  let texts = known.get(classifier)
  if (texts === undefined) {
    texts = new Map()
    known.set(classifier, texts)
  }
  const before = texts.get(text)
  if (before !== undefined) return before
  const read = readPrompt(text)
  const judged = { low: read.low, verdict: judgeRead(read, classifier), language: detectLanguage(text) }
  if (text.length > LONGEST) return judged
  if (texts.size >= KEPT) for (const oldest of texts.keys()) if (texts.delete(oldest)) break
  texts.set(text, judged)
  return judged
}
