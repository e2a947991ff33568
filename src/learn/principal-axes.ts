import { seededRandom } from '../kit/index.js'
import { addScaled, dot } from './dot.js'

const ROUNDS = 30

/** The first `k` principal axes of standardised points (row by row), by subspace iteration on the second moments; axes row by row. */
export function principalAxes(points: Float32Array, columns: number, k: number, seed: number): Float32Array {
  const n = points.length / columns
  const cov = new Float64Array(columns * columns)
  for (let i = 0; i < n; i++)
    for (let a = 0; a < columns; a++) {
      const v = points[i * columns + a]!
      if (v !== 0) for (let b = a; b < columns; b++) cov[a * columns + b]! += (v * points[i * columns + b]!) / n
    }
  for (let a = 0; a < columns; a++) for (let b = 0; b < a; b++) cov[a * columns + b] = cov[b * columns + a]!
  const random = seededRandom(seed)
  let axes = Float64Array.from({ length: k * columns }, () => random() - 0.5)
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(k * columns)
    for (let p = 0; p < k; p++) for (let a = 0; a < columns; a++) next[p * columns + a] = dot(cov, a * columns, axes, p * columns, columns)
    orthonormalise(next, columns, k)
    axes = next
  }
  return Float32Array.from(axes)
}

function orthonormalise(axes: Float64Array, columns: number, k: number): void {
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < p; q++) {
      const s = dot(axes, p * columns, axes, q * columns, columns)
      addScaled(axes, p * columns, -s, axes, q * columns, columns)
    }
    let norm = 0
    for (let j = 0; j < columns; j++) norm += axes[p * columns + j]! ** 2
    for (let j = 0; j < columns; j++) axes[p * columns + j]! /= Math.sqrt(norm || 1)
  }
}
