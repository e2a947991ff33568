import type { AttemptRow } from '../ledger/types.js'

/** Nano-USD, without shadow attempts; null as soon as one attempt is unpriced. */
export function sumCosts(attempts: readonly AttemptRow[]): number | null {
  let sum = 0
  for (const { costNano, purpose } of attempts) {
    if (purpose === 'shadow') continue
    if (costNano === null) return null
    sum += costNano
  }
  return sum
}
