/** What a target may be sent: signatures of reasoning, and how long an answer. */
import type { JsonPath, Splice, Target } from './codec.js'
import { present } from './json.js'

/**
 * The signature that stands for one made by another model: https://ai.google.dev/gemini-api/docs/thought-signatures says to send
 * it with calls of a conversation that began elsewhere. Gemini CLI puts it on calls that came without one.
 */
export const NOBODYS_SIGNATURE = 'skip_thought_signature_validator'

/** Whether the target may see this signature: by its own record, else by the conversation's. */
export function keepsSignature(target: Pick<Target, 'keepsReasoning' | 'signedHere'>, signature: unknown): boolean {
  if (signature === NOBODYS_SIGNATURE) return false
  const known = typeof signature === 'string' && signature !== '' ? target.signedHere?.get(signature) : undefined
  return known ?? target.keepsReasoning
}

/** Maximum tokens of an answer: what the model writes and what a budget leaves; infinite where neither is known. */
export function mostOutput({ accepts, clampOutput }: Target): number {
  return Math.min(accepts.maxOutput ?? Number.POSITIVE_INFINITY, clampOutput ?? Number.POSITIVE_INFINITY)
}

/** Keeps a limit on the answer within what the target writes. A budget's clamp holds for a client without a limit too. */
export function limitSplices(limit: unknown, field: string, target: Target, path?: JsonPath): Splice[] {
  const value = mostOutput(target)
  const isOver = limit == null ? target.clampOutput !== null : typeof limit === 'number' && limit > value
  return isOver ? [{ kind: 'limit', field, ...present({ path }), value }] : []
}
