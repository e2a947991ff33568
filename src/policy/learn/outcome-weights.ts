/**
 * What outcomes say about an answer's quality: the value that counts as good (0 bad, 1 good, null: the outcome's own value) and its weight.
 * Signs of formal errors count less than a user's feedback, since the request may have been at fault.
 */
const OUTCOMES: Readonly<Record<string, { readonly good: number | null; readonly weight: number }>> = {
  feedback: { good: null, weight: 1 },
  judge: { good: null, weight: 0.5 },
  'invalid-json': { good: 0, weight: 0.5 },
  'tool-parse': { good: 0, weight: 0.5 },
  empty: { good: 0, weight: 0.5 },
  refusal: { good: 0, weight: 0.25 },
  repeat: { good: 0, weight: 0.25 },
}

/** Null for an outcome that says nothing about quality. A feedback's value is 1 for good and 0 or less for bad. */
export function qualityOfOutcome(kind: string, value: number | null): { readonly good: number; readonly weight: number } | null {
  const known = OUTCOMES[kind]
  if (known === undefined) return null
  const good = known.good ?? value
  return good === null ? null : { good: Math.max(0, Math.min(1, good)), weight: known.weight }
}
