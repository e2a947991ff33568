import type { Target } from './codec.js'

/** Whether the target may be shown this signature: what is known of it by itself, else what holds for the conversation. */
export function keepsSignature(target: Pick<Target, 'keepsReasoning' | 'signedHere'>, signature: unknown): boolean {
  const known = typeof signature === 'string' && signature !== '' ? target.signedHere?.get(signature) : undefined
  return known ?? target.keepsReasoning
}
