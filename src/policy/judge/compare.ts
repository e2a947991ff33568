import { excerpt } from './grade.js'

/** The judge's preference; null when its reply cannot be parsed. */
export type Preference = 'A' | 'B' | 'tie' | null

/** The question to a judging model about two answers, without saying whose they are. */
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
 * How the second answer compares with the first, from two readings: the first answer as A, and then as B. Only a preference stated in both
 * orders counts, so a judge who always prefers the first position finds all answers equal. Null when a reading cannot be parsed.
 */
export function verdictOf(inOrder: Preference, swapped: Preference): 'better' | 'worse' | 'same' | null {
  if (inOrder === null || swapped === null) return null
  if (inOrder === 'B' && swapped === 'A') return 'better'
  return inOrder === 'A' && swapped === 'B' ? 'worse' : 'same'
}
