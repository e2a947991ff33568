import type { Candidate } from './candidate.js'
import { type DecideInput, DRAW } from './types.js'

/**
 * Gives every eligible candidate the probability with which it goes first, and with the draw's leave puts another near-tie in front.
 * `ordered` holds the eligible candidates, best first; near-ties are those whose compared score is within the margin of the winner's.
 */
export function explore(ordered: Candidate[], input: DecideInput, allowed: boolean): void {
  const first = ordered[0]
  if (first === undefined) return
  first.propensity = 1
  const { rate, margin } = input.policy.exploration
  const coin = input.draws[DRAW.explore]
  const pick = input.draws[DRAW.pick]
  if (!allowed || rate <= 0 || coin === undefined || pick === undefined) return
  const ties = ordered.filter((c) => c.group === first.group && c.compared >= first.compared - margin)
  if (ties.length < 2) return
  for (const c of ties) c.propensity = rate / ties.length
  first.propensity += 1 - rate
  if (coin >= rate) return
  const chosen = ties[Math.min(ties.length - 1, Math.floor(pick * ties.length))]!
  ordered.splice(ordered.indexOf(chosen), 1)
  ordered.unshift(chosen)
}
