import { adam, cosine } from './adam.js'
import { addScaled } from './dot.js'

/** Rows of each class that are used: more change nothing, and small classes count as much as large ones. */
const PER_CLASS = 1500
const STEPS = 120

/** Multinomial logistic regression with classes weighted by `importance` whatever their size, L2 `lambda`, by full-batch Adam; weights row by class, then biases. */
export function fitSoftmax(
  x: Float32Array,
  columns: number,
  label: readonly number[],
  classes: number,
  lambda: number,
  importance: readonly number[],
): { readonly weights: Float64Array; readonly bias: Float64Array } {
  const { rows, share } = chooseRows(label, classes, importance)
  const weights = new Float64Array(classes * columns)
  const bias = new Float64Array(classes)
  const moves = [adam(weights.length), adam(classes)] as const
  const p = new Float64Array(classes)
  for (let t = 0; t < STEPS; t++) {
    const gradient = weights.map((v) => lambda * v)
    const gBias = new Float64Array(classes)
    for (const i of rows) {
      const at = i * columns
      probabilities(x, at, columns, weights, bias, p)
      const own = label[i]!
      for (let k = 0; k < classes; k++) {
        const g = (p[k]! - (k === own ? 1 : 0)) * share[own]!
        gBias[k]! += g
        if (Math.abs(g) > 1e-9) addScaled(gradient, k * columns, g, x, at, columns)
      }
    }
    const step = cosine(0.05, t, STEPS)
    moves[0](weights, gradient, step)
    moves[1](bias, gBias, step)
  }
  return { weights, bias }
}

/** Every k-th row of a class, so that none has more than PER_CLASS; `share` is the weight of one row of each class. */
function chooseRows(
  label: readonly number[],
  classes: number,
  importance: readonly number[],
): { readonly rows: readonly number[]; readonly share: Float64Array } {
  const own = Array.from({ length: classes }, () => [] as number[])
  for (const [i, k] of label.entries()) own[k]?.push(i)
  const kept = own.map((list) => list.filter((_, n) => n % Math.max(1, Math.ceil(list.length / PER_CLASS)) === 0))
  return { rows: kept.flat(), share: Float64Array.from(kept, (list, k) => (importance[k] ?? 1) / (classes * Math.max(1, list.length))) }
}

/** Probability of each class for the row that begins at `at`, into `out`. */
export function probabilities(
  x: Float32Array,
  at: number,
  columns: number,
  weights: Float64Array,
  bias: Float64Array,
  out: Float64Array,
): void {
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < out.length; k++) {
    let sum = bias[k]!
    for (let c = 0, from = k * columns; c < columns; c++) sum += weights[from + c]! * x[at + c]!
    out[k] = sum
    if (sum > most) most = sum
  }
  let total = 0
  for (let k = 0; k < out.length; k++) {
    out[k] = Math.exp(out[k]! - most)
    total += out[k]!
  }
  for (let k = 0; k < out.length; k++) out[k]! /= total
}
