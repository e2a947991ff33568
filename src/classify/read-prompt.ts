import { bareText } from './bare-text.js'
import { type Judged, judgedText } from './judged-text.js'

export type { Judged }

/** What a prompt is judged by: pastes set aside, then courtesy and urging. The fitted model sees the very same text. */
export function readPrompt(prompt: string): Judged {
  const judged = judgedText(prompt)
  const text = bareText(judged.text)
  return text === judged.text ? judged : { text, length: Math.max(1, judged.length - (judged.text.length - text.length)) }
}
