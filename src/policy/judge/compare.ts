import { excerpt } from './grade.js'

/** What a judge prefers; null when it cannot be read from what it said. */
export type Preference = 'A' | 'B' | 'tie' | null

/** What a judging model is asked of two answers, without being told whose they are. */
export function comparePrompt(request: string, a: string, b: string): string {
  return `You compare two answers to the same request. Judge whether they are correct and complete; length and style do not count. Reply with one JSON object {"better": "A"}, {"better": "B"} or {"better": "tie"} and nothing else.

<request>
${excerpt(request)}
</request>

<answer_A>
${excerpt(a)}
</answer_A>

<answer_B>
${excerpt(b)}
</answer_B>`
}

export function readPreference(reply: string): Preference {
  const found = /"better"\s*:\s*"(A|B|tie)"/i.exec(reply)?.[1]?.toLowerCase()
  return found === undefined ? null : found === 'a' ? 'A' : found === 'b' ? 'B' : 'tie'
}

/**
 * How the second answer compares with the first, from two readings: the first answer as A, and then as B. Only what a judge says both ways counts, so
 * one who always likes what stands first finds all answers the same. Null when a reading gave nothing.
 */
export function verdictOf(inOrder: Preference, swapped: Preference): 'better' | 'worse' | 'same' | null {
  if (inOrder === null || swapped === null) return null
  if (inOrder === 'B' && swapped === 'A') return 'better'
  return inOrder === 'A' && swapped === 'B' ? 'worse' : 'same'
}
