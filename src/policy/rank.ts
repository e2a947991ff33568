import { type Candidate, modelOf } from './candidate.js'
import { round9, unshiftedScore } from './score.js'
import type { Strategy } from './types.js'
import { vetoOf } from './veto.js'

/** Difference in predicted quality within which `balanced` and `best` consider the price. */
const NEAR = { balanced: 0.03, best: 0.005 } as const

/** Order of candidates: group, then the compared value, then the cheaper, then by id. Negative when `a` comes first. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.group !== b.group) return a.group - b.group
  if (a.compared !== b.compared) return b.compared - a.compared
  if (a.comparedCost !== b.comparedCost) return a.comparedCost - b.comparedCost
  return a.state.rev.id < b.state.rev.id ? -1 : a.state.rev.id > b.state.rev.id ? 1 : 0
}

/** Puts a candidate where it belongs in a list that is in order already. */
export function insertInOrder(ordered: Candidate[], c: Candidate): void {
  let at = ordered.length
  while (at > 0 && compareCandidates(c, ordered[at - 1]!) < 0) at--
  if (at === ordered.length) ordered.push(c)
  else ordered.splice(at, 0, c)
}

function bestQuality(candidates: readonly Candidate[]): number {
  let best = 0
  for (const c of candidates) if (c.veto === null && c.quality > best) best = c.quality
  return best
}

/** The cheapest of those within `near` of the best; the others follow, best first. */
function nearBest(candidates: readonly Candidate[], near: number): void {
  const least = round9(bestQuality(candidates) - near)
  for (const c of candidates) {
    const isNear = c.quality >= least
    c.group += isNear ? 0 : 1
    c.compared = isNear ? -c.comparedCost : c.quality
  }
}

/** Vetoes candidates below `minQuality`; when that is all of them, the best goes first. */
function cheapest(candidates: readonly Candidate[], minQuality: number, exempt: string | null): void {
  const reachable = bestQuality(candidates) >= minQuality
  for (const c of candidates) {
    if (reachable && c.veto === null && c.quality < minQuality && modelOf(c.state.rev) !== exempt) c.veto = vetoOf('quality')
    c.compared = reachable ? -c.comparedCost : c.quality
  }
}

/** Sets what candidates are compared by. `exempt` is a pinned model, which no strategy rules out. */
export function rank(candidates: readonly Candidate[], strategy: Strategy, exempt: string | null): void {
  switch (strategy.kind) {
    case 'weights':
      for (const c of candidates) c.compared = unshiftedScore(c, strategy.weights)
      return
    case 'cheapest':
      cheapest(candidates, strategy.minQuality, exempt)
      return
    case 'balanced':
      nearBest(candidates, NEAR.balanced)
      return
    case 'best':
      nearBest(candidates, NEAR.best)
      return
  }
}
