import type { Complexity, Task } from '../../classify/types.js'

/**
 * Output tokens of an average model by task, before anything was measured here: our own guesses, of the size that chat logs and agents'
 * session logs show. They only order tasks; the ledger replaces them within a few calls.
 */
const TOKENS: Readonly<Record<Task, number>> = {
  chat: 220,
  question: 300,
  classification: 20,
  extraction: 150,
  transformation: 300,
  summarization: 250,
  translation: 300,
  code: 700,
  debugging: 600,
  math: 450,
  reasoning: 500,
  writing: 700,
  analysis: 600,
  planning: 700,
  'agent-step': 250,
}

const BY_COMPLEXITY: Readonly<Record<Complexity, number>> = { simple: 0.6, medium: 1, complex: 1.6 }

/** Tokens a reasoning model thinks, as a multiple of what it writes. */
const REASONING = 2

export function priorOutput(
  task: Task,
  complexity: Complexity,
  model: { readonly verbosity: number; readonly reasoning: boolean },
): number {
  return TOKENS[task] * BY_COMPLEXITY[complexity] * model.verbosity * (model.reasoning ? REASONING : 1)
}
