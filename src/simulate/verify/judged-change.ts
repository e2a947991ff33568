import type { Estimate } from '../types.js'
import { t975 } from './estimate-total.js'
import type { Ran, Sample } from './types.js'

interface Predicted {
  /** Change of predicted quality a call, over all calls. */
  readonly predicted: Estimate
  readonly calls: number
}

/**
 * Change of quality a call as judged: the share of pairs where only the other model's answer was preferred less the share where only the recorded one
 * was, each pair standing for as many calls as its stratum has for each pair judged. If a judge prefers an answer just when it is good and the
 * other is not, that is the change of the probability of a good answer. The interval adds half a pair won and half a pair lost, so that a few
 * pairs that all end alike are not taken for certain (Agresti and Min 2005, Statistics in Medicine 24). What no pair speaks for is as predicted.
 */
export function judgedChange(sample: Sample, ran: readonly Ran[], { predicted, calls }: Predicted): Estimate {
  const pairs = ran.flatMap(({ stratum, result }) =>
    result.kind === 'answered' && result.verdict !== null ? [{ stratum, change: CHANGE[result.verdict] }] : [],
  )
  if (pairs.length < 2 || calls === 0) return predicted
  const judged = sample.strata.map((_, h) => pairs.filter((p) => p.stratum === h).length)
  const weights = pairs.map(({ stratum }) => (sample.strata[stratum]?.members.length ?? 0) / (judged[stratum] ?? 1))
  const total = weights.reduce((a, b) => a + b, 0)
  const squares = weights.reduce((sum, w) => sum + w * w, 0)
  const mean = pairs.reduce((sum, { change }, i) => sum + change * (weights[i] ?? 0), 0) / total
  const second = pairs.reduce((sum, { change }, i) => sum + change ** 2 * (weights[i] ?? 0), 0) / total
  const n = total ** 2 / squares
  const centre = (mean * n) / (n + 2)
  const variance = ((second * n + 1) / (n + 2) - centre ** 2) / (n + 2)
  const half = t975(Math.max(1, pairs.length - 1)) * Math.sqrt(variance)
  // Calls that change and that no pair speaks for.
  const unjudged = sample.strata.filter((_, h) => (judged[h] ?? 0) === 0)
  const silent = unjudged.flatMap((s) => s.members).reduce((sum, m) => sum + (m.qualityChange ?? 0), 0) / calls
  const share = total / calls
  return {
    value: mean * share + silent,
    low: Math.min(mean, centre - half) * share + silent,
    high: Math.max(mean, centre + half) * share + silent,
  }
}

const CHANGE = { better: 1, worse: -1, same: 0 } as const
