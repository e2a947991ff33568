import type { ModelState, Scores, Strategy, Veto, Weights } from './types.js'

/** ln 100: a hundredfold price gap is one unit of score (docs/policy.md, "The numbers"). */
const LN_COST = Math.log(100)
/** ln 20: so is a twentyfold gap in latency. */
const LN_LATENCY = Math.log(20)
/**
 * Assumed grams CO2e per million output tokens for a model without published figures: above the known ones, so that not publishing is no
 * advantage.
 */
const UNKNOWN_CARBON = 1000
/** Share of a rate limit below which a model is used less, and how much its score loses when nothing is left. */
const QUOTA_CARE = { below: 0.1, loss: 0.5 } as const

/** The inputs of a score: a candidate, or a stored step with its logarithms recomputed. */
export interface Judged {
  readonly state: ModelState
  readonly out: number
  /** Null for an unpriced model, whose cost score is 0. */
  readonly horizonCost: number | null
  readonly lnCost: number
  readonly lnLatency: number
  readonly quality: number
  readonly veto: Veto | null
  scores: Scores
  score: number
}

/** To 1e-9, never minus zero. */
export function round9(x: number): number {
  return Math.round(x * 1e9) / 1e9 + 0
}

function lnCarbonOf(c: Judged): number {
  return Math.log(Math.max(1e-6, (c.state.rev.carbon ?? UNKNOWN_CARBON) * Math.max(1, c.out)))
}

function quotaLoss(c: Judged): number {
  const left = c.state.quotaLeft
  return left === null || left >= QUOTA_CARE.below ? 0 : QUOTA_CARE.loss * (1 - left / QUOTA_CARE.below)
}

function weightSum(w: Weights): number {
  return w.cost + w.quality + w.latency + (w.carbon ?? 0) || 1
}

function qualityScore(quality: number): number {
  return (quality - 0.5) / 0.5
}

/** The weighted sum without the shift by the pool's best cost and latency, so that no other candidate moves it. Rounded to 1e-9. */
export function unshiftedScore(c: Judged, w: Weights): number {
  let total = w.quality * qualityScore(c.quality) - (w.latency * c.lnLatency) / LN_LATENCY
  if (w.cost !== 0) total -= (w.cost * c.lnCost) / LN_COST
  if (w.carbon !== undefined && w.carbon !== 0) total -= (w.carbon * lnCarbonOf(c)) / LN_COST
  return round9(total / weightSum(w) - quotaLoss(c))
}

/** Fills in the scores that people see: in fixed units, 1 for the pool's cheapest and fastest eligible candidate. */
export function showScores(all: readonly Judged[], strategy: Strategy): void {
  let lnCost = Number.POSITIVE_INFINITY
  let lnLatency = Number.POSITIVE_INFINITY
  let eligible = 0
  for (const c of all) if (c.veto === null) eligible++
  for (const c of all) {
    if (eligible > 0 && c.veto !== null) continue
    if (c.horizonCost !== null && c.lnCost < lnCost) lnCost = c.lnCost
    if (c.lnLatency < lnLatency) lnLatency = c.lnLatency
  }
  for (const c of all) {
    const cost = c.horizonCost === null || lnCost === Number.POSITIVE_INFINITY ? 0 : round9(1 - (c.lnCost - lnCost) / LN_COST)
    c.scores = { cost, quality: round9(qualityScore(c.quality)), latency: round9(1 - (c.lnLatency - lnLatency) / LN_LATENCY) }
  }
  switch (strategy.kind) {
    case 'weights':
      showWeighted(all, strategy.weights, eligible)
      return
    case 'cheapest':
      for (const c of all) c.score = c.scores.cost
      return
    case 'balanced':
    case 'best':
      for (const c of all) c.score = c.scores.quality
      return
  }
}

function showWeighted(all: readonly Judged[], w: Weights, eligible: number): void {
  if (w.carbon !== undefined && w.carbon !== 0) addCarbon(all, eligible)
  const sum = weightSum(w)
  for (const c of all) {
    const { cost, quality, latency, carbon } = c.scores
    const total = w.cost * cost + w.quality * quality + w.latency * latency + (w.carbon ?? 0) * (carbon ?? 0)
    c.score = round9(total / sum - quotaLoss(c))
  }
}

function addCarbon(all: readonly Judged[], eligible: number): void {
  let least = Number.POSITIVE_INFINITY
  for (const c of all) if (eligible === 0 || c.veto === null) least = Math.min(least, lnCarbonOf(c))
  for (const c of all) c.scores = { ...c.scores, carbon: round9(1 - (lnCarbonOf(c) - least) / LN_COST) }
}
