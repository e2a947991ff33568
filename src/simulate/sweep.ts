import type { Nano } from '../kit/index.js'
import type { Weights } from '../policy/index.js'
import { type Alternative, withStrategy } from './alternatives.js'
import type { Simulation } from './result.js'

/** One setting of the weights and its result. */
export type SweepPoint = Sweep['points'][number]

/** What to recommend: the quality that a point must keep (null: that of the log), and the floor that all of them had. */
interface Wanted {
  readonly minQuality: number | null
  /** Of the best eligible model's quality: what every point keeps. */
  readonly floor: number
}

export type Sweep = Readonly<ReturnType<typeof sweepOf>>

const STEPS = 5

/** Weights in fifths: 21 points over the triangle of cost, quality and latency. */
function sweepWeights(): readonly Weights[] {
  const all: Weights[] = []
  for (let cost = STEPS; cost >= 0; cost--) {
    for (let quality = STEPS - cost; quality >= 0; quality--) {
      all.push({ cost: cost / STEPS, quality: quality / STEPS, latency: (STEPS - cost - quality) / STEPS })
    }
  }
  return all
}

export function sweepAlternatives(floor: number): readonly Alternative[] {
  return sweepWeights().map((weights) => {
    const name = `cost=${weights.cost},quality=${weights.quality},latency=${weights.latency}`
    return withStrategy(name, { kind: 'weights', weights }, floor)
  })
}

interface Place {
  readonly cost: Nano
  readonly quality: number
  readonly p50Ms: number | null
}

/** Results of `sweepAlternatives`, in their order, as points: none where no call is left to make a figure of. */
export function sweepOf(results: readonly Simulation[], { minQuality, floor }: Wanted) {
  const weights = sweepWeights()
  const plain = results.flatMap(({ simulated, evidence, doubts }, i) => {
    const own = weights[i]
    if (own === undefined || simulated.quality === null) return []
    return [{ weights: own, cost: simulated.cost.value, quality: simulated.quality.value, p50Ms: simulated.p50Ms, evidence, doubts }]
  })
  /** Frontier: no other point is at least as good in cost, quality and latency, and better in one. */
  const points = plain.map((point) => ({ ...point, frontier: !plain.some((other) => dominates(other, point)) }))
  const { actual, excluded } = results[0] ?? { actual: { cost: 0, quality: null, p50Ms: null, p95Ms: null }, excluded: [] }
  const wanted = minQuality ?? actual.quality
  const good = points.filter((p) => p.frontier && p.quality >= (wanted ?? 0)).sort((a, b) => a.cost - b.cost)
  /** The cheapest point of the frontier that keeps the quality asked for; null when none does. */
  const recommended = good[0] ?? null
  return { points, recommended, minQuality: wanted, floor, actual, excluded }
}

function dominates(a: Place, b: Place): boolean {
  const slower = (a.p50Ms ?? 0) - (b.p50Ms ?? 0)
  return a.cost <= b.cost && a.quality >= b.quality && slower <= 0 && (a.cost < b.cost || a.quality > b.quality || slower < 0)
}
