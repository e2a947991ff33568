import { bareText } from './bare-text.js'
import { judgedText } from './judged-text.js'
import { setAsideDiff } from './set-aside-diff.js'

/** The text that a prompt is judged by. */
export interface ReadPrompt {
  readonly text: string
  readonly low: string
  /** Characters the person is taken to have written: a paste does not count. */
  readonly length: number
}

/** The text that a prompt is judged by: pasted text removed first, then courtesy and urging. The fitted model sees the same text. */
export function readPrompt(prompt: string): ReadPrompt {
  const judged = judgedText(setAsideDiff(prompt))
  const text = bareText(judged.text)
  const length = text === judged.text ? judged.length : Math.max(1, judged.length - (judged.text.length - text.length))
  return { text, low: text.toLowerCase(), length }
}
