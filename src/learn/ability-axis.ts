import { sigmoid } from '../kit/index.js'
import { adam, cosine } from './adam.js'
import { addScaled, dot } from './dot.js'
import type { LabelledRow } from './labelled-rows.js'

const ALIASES: Readonly<Record<string, string>> = {
  'gpt-4-1106-preview': 'gpt-4',
  'gpt-4-turbo-2024-04-09': 'gpt-4',
  'mistralai/Mixtral-8x7B-Instruct-v0.1': 'mixtral',
  'Mixtral-8x7B-Instruct-v0.1': 'mixtral',
  'llama-3.1-8b-instruct': 'llama-8b',
  'Meta-Llama-3.1-8B-Instruct': 'llama-8b',
  'gemma-2-9b-it': 'gemma-9b',
  'qwen2.5-7b-instruct': 'qwen-7b',
  'Qwen2.5-7B-Instruct': 'qwen-7b',
}
const STEPS = 150

/**
 * One easiness axis over all models, logit P(model right) = theta + slope (V x), with theta and slope of a strong and of a weak reference
 * model: a one-dimensional item response model with the item's place linear in its features, fitted by full-batch Adam. Slopes are shrunk to 1
 * (L2 0.1 a model), the axis by L2 0.003; each question weighs the square root of 2 over its number of models per model.
 */
export function fitAbilityAxis(x: Float32Array, columns: number, rows: readonly LabelledRow[]) {
  const index = new Map<string, number>()
  const item: number[] = []
  const model: number[] = []
  const score: number[] = []
  const weight: number[] = []
  for (const [i, row] of rows.entries()) {
    const answers = Object.entries(row.models)
    for (const [name, s] of answers) {
      const known = ALIASES[name] ?? name
      if (!index.has(known)) index.set(known, index.size)
      item.push(i)
      model.push(index.get(known)!)
      score.push(s)
      weight.push(Math.sqrt(2 / answers.length))
    }
  }
  const total = weight.reduce((a, b) => a + b, 0)
  const m = index.size
  const [axis, theta, slope] = [new Float64Array(columns), new Float64Array(m), new Float64Array(m).fill(1)]
  const moves = [adam(columns), adam(m), adam(m)] as const
  const place = new Float64Array(rows.length)
  for (let t = 0; t < STEPS; t++) {
    for (let i = 0; i < rows.length; i++) place[i] = dot(x, i * columns, axis, 0, columns)
    const [gAxis, gTheta, gSlope, gPlace] = [
      new Float64Array(columns),
      new Float64Array(m),
      new Float64Array(m),
      new Float64Array(rows.length),
    ]
    for (let k = 0; k < item.length; k++) {
      const [i, j] = [item[k]!, model[k]!]
      const f = place[i]!
      const p = sigmoid(theta[j]! + slope[j]! * f)
      const g = (weight[k]! / total) * (p - score[k]!)
      gPlace[i]! += g * slope[j]!
      gTheta[j]! += g
      gSlope[j]! += g * f
    }
    for (let i = 0; i < rows.length; i++) addScaled(gAxis, 0, gPlace[i]!, x, i * columns, columns)
    addScaled(gAxis, 0, 0.003, axis, 0, columns)
    for (let j = 0; j < m; j++) {
      gTheta[j]! += 1e-5 * theta[j]!
      gSlope[j]! += (0.1 / m) * (slope[j]! - 1)
    }
    const step = cosine(0.03, t, STEPS)
    moves[0](axis, gAxis, step)
    moves[1](theta, gTheta, step)
    moves[2](slope, gSlope, step)
  }
  const ranked = [...index.values()].sort((a, b) => theta[b]! - theta[a]!)
  const strong = index.get('gpt-4') ?? ranked[0]!
  const weak = index.get('mixtral') ?? ranked.at(-1)!
  return { axis, strong: [theta[strong]!, slope[strong]!], weak: [theta[weak]!, slope[weak]!] }
}
