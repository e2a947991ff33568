import { seededRandom } from '../kit/index.js'

/** One question under a ranking: its score, and the results of the strong and the weak model. */
export interface Ranked {
  readonly score: number
  readonly strong: number
  readonly weak: number
}

/**
 * Average performance gap recovered (RouteLLM), exact over every threshold; tied scores count as their expectation over
 * random order. 0.5 is random; `weights` are bootstrap counts.
 */
export function apgr(rows: readonly Ranked[], order = descending(rows), weights?: Float64Array): number {
  let total = 0
  let gap = 0
  for (const [i, row] of rows.entries()) {
    const k = weights?.[i] ?? 1
    total += k
    gap += k * (row.strong - row.weak)
  }
  let [y, area] = [0, 0]
  for (let at = 0; at < order.length; ) {
    const score = rows[order[at]!]?.score
    let [dx, dy] = [0, 0]
    for (; at < order.length && rows[order[at]!]?.score === score; at++) {
      const i = order[at]!
      const k = weights?.[i] ?? 1
      dx += k
      dy += k * (rows[i]!.strong - rows[i]!.weak)
    }
    area += (dx / total) * ((y + dy / 2) / total)
    y += dy
  }
  return area / (gap / total)
}

const SAMPLES = 500

/** 95% bootstrap interval of the APGR. */
export function apgrInterval(rows: readonly Ranked[]): readonly [number, number] {
  const order = descending(rows)
  const random = seededRandom(7)
  const values: number[] = []
  for (let b = 0; b < SAMPLES; b++) {
    const weights = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const k = Math.floor(random() * rows.length)
      weights[k]! += 1
    }
    values.push(apgr(rows, order, weights))
  }
  values.sort((a, b) => a - b)
  return [values[Math.floor(0.025 * SAMPLES)]!, values[Math.floor(0.975 * SAMPLES)]!]
}

function descending(rows: readonly Ranked[]): Int32Array {
  return Int32Array.from(rows.keys()).sort((a, b) => rows[b]!.score - rows[a]!.score)
}

/** Area under the ROC curve for a binary label; ties count half. */
export function auc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let [below, sum, up, down] = [0, 0, 0, 0]
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]!]
    let [p, n] = [0, 0]
    for (; at < order.length && scores[order[at]!] === score; at++) positive[order[at]!] === true ? p++ : n++
    sum += p * (below + n / 2)
    below += n
    up += p
    down += n
  }
  return sum / (up * down)
}

const BINS = 10

export function calibration(predicted: readonly number[], observed: readonly number[]) {
  const n = predicted.length
  const mean = observed.reduce((a, b) => a + b, 0) / n
  const order = predicted.map((_, i) => i).sort((a, b) => predicted[a]! - predicted[b]!)
  const groups = Array.from({ length: BINS }, (_, b) => order.slice(Math.floor((b * n) / BINS), Math.floor(((b + 1) * n) / BINS)))
  const means = groups
    .filter((g) => g.length > 0)
    .map((g) => ({ predicted: average(g, predicted), observed: average(g, observed), count: g.length }))
  const squares = (of: (i: number) => number): number => observed.reduce((sum, o, i) => sum + (o - of(i)) ** 2, 0) / n
  return {
    brier: squares((i) => predicted[i]!),
    /** Brier score of always saying the mean. */
    baseBrier: squares(() => mean),
    /** Expected calibration error over bins of equal count. */
    ece: means.reduce((sum, b) => sum + (b.count / n) * Math.abs(b.predicted - b.observed), 0),
    bins: means,
  }
}

function average(rows: readonly number[], values: readonly number[]): number {
  return rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length
}

/** Both 0 without values. */
export function meanAndSd(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const n = values.length || 1
  const mean = values.reduce((a, b) => a + b, 0) / n
  return { mean, sd: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / n) }
}
