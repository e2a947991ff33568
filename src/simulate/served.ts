import type { AttemptRow, ReplaySettled } from '../ledger/index.js'
import type { DecideInput, ModelState } from '../policy/index.js'

/** The attempt whose answer the client saw: the last of the model that answered, or of all when none did. */
export function lastServed(settled: ReplaySettled): AttemptRow | undefined {
  for (let i = settled.attempts.length - 1; i >= 0; i--) {
    const attempt = settled.attempts[i]
    if (attempt?.purpose !== 'serve' && attempt?.purpose !== 'batch') continue
    if (settled.model === null || attempt.model === settled.model) return attempt
  }
  return undefined
}

export function stateOf(input: DecideInput, model: string): ModelState | undefined {
  for (const state of input.models) if (state.rev.id === model) return state
  return undefined
}
