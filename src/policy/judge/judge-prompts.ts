/** Longest excerpt of request and answer shown to a judge, characters: its middle is left out. */
export const LONGEST_EXCERPT = 6000

function excerpt(text: string): string {
  return text.length <= LONGEST_EXCERPT ? text : `${text.slice(0, LONGEST_EXCERPT / 2)}\n[...]\n${text.slice(-LONGEST_EXCERPT / 2)}`
}

/** The question to a judging model: to grade the answer, and nothing else. */
export function judgePrompt(request: string, answer: string): string {
  return `You grade an assistant's answer. Reply with one JSON object {"score": N} and nothing else, where N is a number from 0 (useless or wrong) to 1 (correct and complete).

<request>
${excerpt(request)}
</request>

<answer>
${excerpt(answer)}
</answer>`
}

/** The score in a judge's reply; null when it gave none, and then the judge is not heard. */
export function readGrade(reply: string): number | null {
  const found = /"score"\s*:\s*(\d+(?:\.\d+)?)/.exec(reply)
  if (found === null) return null
  const score = Number(found[1])
  return score >= 0 && score <= 1 ? score : null
}

/** The judge's preference; null when its reply cannot be parsed. */
type Preference = 'A' | 'B' | 'tie' | null

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
