/** Longest excerpt of request and answer shown to a judge, characters: its middle is left out. */
export const LONGEST_EXCERPT = 6000

export function excerpt(text: string): string {
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
