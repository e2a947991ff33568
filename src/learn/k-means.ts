import { seededRandom } from '../kit/index.js'
import { addScaled } from './dot.js'

const ROUNDS = 10

/** `k` centres of the points (row by row), Lloyd's algorithm from random points. */
export function kMeans(points: Float32Array, columns: number, k: number, seed: number): Float32Array {
  const n = points.length / columns
  const random = seededRandom(seed)
  const centres = new Float32Array(k * columns)
  for (let c = 0; c < k; c++) {
    const from = Math.floor(random() * n) * columns
    centres.set(points.subarray(from, from + columns), c * columns)
  }
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(k * columns)
    const counts = new Float64Array(k)
    for (let i = 0; i < n; i++) {
      const c = nearest(points, i * columns, centres, columns, k)
      counts[c]! += 1
      addScaled(sums, c * columns, 1, points, i * columns, columns)
    }
    for (let c = 0; c < k; c++)
      if (counts[c]! > 0) for (let j = 0; j < columns; j++) centres[c * columns + j] = sums[c * columns + j]! / counts[c]!
  }
  return centres
}

function nearest(points: Float32Array, at: number, centres: Float32Array, columns: number, k: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let c = 0; c < k; c++) {
    let d = 0
    for (let j = 0, from = c * columns; j < columns && d < least; j++) {
      const diff = points[at + j]! - centres[from + j]!
      d += diff * diff
    }
    if (d < least) {
      least = d
      best = c
    }
  }
  return best
}
