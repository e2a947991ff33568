import { bareText } from './bare-text.js'
import { setAsideDiff } from './set-aside-diff.js'
import { setAsidePaste, type Written } from './set-aside-paste.js'

export interface ReadPrompt extends Written {
  /** The text in small letters. */
  readonly low: string
}

/** The text that a prompt is judged by: pasted text removed first, then courtesy and urging. The fitted model sees the same text. */
export function readPrompt(prompt: string): ReadPrompt {
  const written = setAsidePaste(setAsideDiff(prompt))
  const text = bareText(written.text)
  const length = text === written.text ? written.length : Math.max(1, written.length - (written.text.length - text.length))
  return { text, low: text.toLowerCase(), length }
}
