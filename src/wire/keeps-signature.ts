import type { Target } from './codec.js'

/**
 * The signature that stands for one made by another model: https://ai.google.dev/gemini-api/docs/thought-signatures says to send
 * it with calls of a conversation that began elsewhere. Gemini CLI puts it on calls that came without one.
 */
export const NOBODYS_SIGNATURE = 'skip_thought_signature_validator'

/** Whether the target may be shown this signature: what is known of it by itself, else what holds for the conversation. */
export function keepsSignature(target: Pick<Target, 'keepsReasoning' | 'signedHere'>, signature: unknown): boolean {
  if (signature === NOBODYS_SIGNATURE) return false
  const known = typeof signature === 'string' && signature !== '' ? target.signedHere?.get(signature) : undefined
  return known ?? target.keepsReasoning
}
