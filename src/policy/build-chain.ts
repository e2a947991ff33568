import type { Candidate } from './candidate.js'

/** Reorders the eligible candidates so that the first fallback is on another provider than the winner, when there is one. */
export function spreadProviders(ordered: Candidate[]): void {
  const first = ordered[0]
  if (first === undefined) return
  const at = ordered.findIndex((c) => c.state.rev.provider !== first.state.rev.provider)
  if (at <= 1) return
  const [other] = ordered.splice(at, 1)
  ordered.splice(1, 0, other!)
}
