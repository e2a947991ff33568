import { type Candidate, comparedCost } from './candidate.js'
import type { Scores, Strategy, Weights } from './types.js'
import { vetoOf } from './veto.js'

const LN_COST = Math.log(100)
const LN_LATENCY = Math.log(20)
/** Predicted quality within which `balanced` and `best` look at the price. */
const NEAR = { balanced: 0.03, best: 0.005 } as const
/** Grams CO2e per million output tokens taken for a model of which nothing is published: above the known ones, so that silence does not win. */
const UNKNOWN_CARBON = 1000
/** Share of a rate limit below which a model is used less, and how much its score loses when nothing is left. */
const QUOTA_CARE = { below: 0.1, loss: 0.5 } as const

/** To 1e-9, never minus zero. */
function round9(x: number): number {
  return Math.round(x * 1e9) / 1e9 + 0
}

function carbonOf(c: Candidate): number {
  return Math.max(1e-6, (c.state.rev.carbon ?? UNKNOWN_CARBON) * Math.max(1, c.out))
}

function quotaLoss(c: Candidate): number {
  const left = c.state.quotaLeft
  return left === null || left >= QUOTA_CARE.below ? 0 : QUOTA_CARE.loss * (1 - left / QUOTA_CARE.below)
}

function weightSum(w: Weights): number {
  return w.cost + w.quality + w.latency + (w.carbon ?? 0) || 1
}

/** The weighted sum without the shift by the pool's best cost and latency, so that no other candidate moves it. */
function unshifted(c: Candidate, w: Weights, sum: number): number {
  let total = w.quality * ((c.quality - 0.5) / 0.5) - (w.latency * Math.log(c.latencyUs)) / LN_LATENCY
  if (w.cost !== 0) total -= (w.cost * Math.log(comparedCost(c))) / LN_COST
  if (w.carbon !== undefined && w.carbon !== 0) total -= (w.carbon * Math.log(carbonOf(c))) / LN_COST
  return round9(total / sum - quotaLoss(c))
}

/** Order of candidates: group, then what is compared, then the cheaper, then by id. Negative when `a` comes first. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.group !== b.group) return a.group - b.group
  if (a.compared !== b.compared) return b.compared - a.compared
  const costs = comparedCost(a) - comparedCost(b)
  if (costs !== 0) return costs
  return a.state.rev.id < b.state.rev.id ? -1 : a.state.rev.id > b.state.rev.id ? 1 : 0
}

function bestQuality(candidates: readonly Candidate[]): number {
  let best = 0
  for (const c of candidates) if (c.veto === null && c.quality > best) best = c.quality
  return best
}

/** The cheapest of those within `near` of the best; the others stand behind, best first. */
function nearBest(candidates: readonly Candidate[], near: number): void {
  const least = round9(bestQuality(candidates) - near)
  for (const c of candidates) {
    const isNear = c.quality >= least
    c.group += isNear ? 0 : 1
    c.compared = isNear ? -comparedCost(c) : c.quality
  }
}

/** Vetoes what is below `minQuality`; when that is everything, the best there is goes first. */
function cheapest(candidates: readonly Candidate[], minQuality: number, exempt: string | null): void {
  const reachable = bestQuality(candidates) >= minQuality
  for (const c of candidates) {
    if (reachable && c.veto === null && c.quality < minQuality && c.state.rev.id !== exempt) c.veto = vetoOf('quality')
    c.compared = reachable ? -comparedCost(c) : c.quality
  }
}

/** Sets what candidates are compared by. `exempt` is a pinned model, which no strategy rules out. */
export function rank(candidates: readonly Candidate[], strategy: Strategy, exempt: string | null): void {
  switch (strategy.kind) {
    case 'weights': {
      const sum = weightSum(strategy.weights)
      for (const c of candidates) c.compared = unshifted(c, strategy.weights, sum)
      return
    }
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

/** Fills in the scores that people see: in fixed units, 1 for the pool's cheapest and fastest eligible candidate. */
export function showScores(candidates: readonly Candidate[], strategy: Strategy): void {
  let lnCost = Number.POSITIVE_INFINITY
  let lnLatency = Number.POSITIVE_INFINITY
  let lnCarbon = Number.POSITIVE_INFINITY
  const anyEligible = candidates.some((c) => c.veto === null)
  for (const c of candidates) {
    if (anyEligible && c.veto !== null) continue
    if (c.horizonCost !== null) lnCost = Math.min(lnCost, Math.log(comparedCost(c)))
    lnLatency = Math.min(lnLatency, Math.log(c.latencyUs))
    lnCarbon = Math.min(lnCarbon, Math.log(carbonOf(c)))
  }
  const weights = strategy.kind === 'weights' ? strategy.weights : null
  for (const c of candidates) {
    const cost =
      c.horizonCost === null || lnCost === Number.POSITIVE_INFINITY ? 0 : round9(1 - (Math.log(comparedCost(c)) - lnCost) / LN_COST)
    const latency = round9(1 - (Math.log(c.latencyUs) - lnLatency) / LN_LATENCY)
    const quality = round9((c.quality - 0.5) / 0.5)
    const plain: Scores = { cost, quality, latency }
    if (weights === null) {
      c.scores = plain
      c.score = strategy.kind === 'cheapest' ? cost : quality
      continue
    }
    const w = weights
    let total = w.cost * cost + w.quality * quality + w.latency * latency
    c.scores = plain
    if (w.carbon !== undefined && w.carbon !== 0) {
      const carbon = round9(1 - (Math.log(carbonOf(c)) - lnCarbon) / LN_COST)
      c.scores = { ...plain, carbon }
      total += w.carbon * carbon
    }
    c.score = round9(total / weightSum(w) - quotaLoss(c))
  }
}
