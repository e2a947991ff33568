const SUBJECTS = [
  'The request',
  'This part',
  'The first step',
  'A short check',
  'The second point',
  'One detail',
  'The result',
  'The context',
]
const VERBS = ['depends on', 'follows from', 'is close to', 'builds on', 'points to', 'agrees with', 'rests on', 'leads to']
const OBJECTS = [
  'the input above',
  'what was asked',
  'a common case',
  'the usual order',
  'one assumption',
  'the given data',
  'a simple rule',
]
const TAILS = ['as a draft would say', 'in most cases', 'for this example', 'with little doubt', 'unless told otherwise', 'step by step']

/** About `tokens` tokens of harmless filler, after a first sentence that says it is simulated and echoes the question. */
export function writeProse(model: string, question: string, tokens: number, random: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const echo = question.replace(/\s+/g, ' ').trim().slice(0, 60)
  let text = `[simulated answer from ${model}] You asked: "${echo}".`
  let sentences = 0
  while (text.length < tokens * CHARS_PER_TOKEN) {
    text += `${++sentences % 5 === 0 ? '\n\n' : ' '}${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)}, ${pick(TAILS)}.`
  }
  return text
}

/** Mean length of an English token in characters. */
export const CHARS_PER_TOKEN = 4

export function countTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARS_PER_TOKEN))
}
