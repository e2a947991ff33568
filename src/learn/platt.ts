import { sigmoid } from '../kit/index.js'

/** Line through which a score becomes the logit of a probability: [offset, slope], fitted to soft labels by Newton's method, slope at least 0. */
export function fitPlatt(scores: readonly number[], labels: readonly number[]): readonly [number, number] {
  let a = 0
  let b = 1
  for (let round = 0; round < 30; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 1e-3 * (b - 1), 1e-6, 0, 1e-3]
    for (let i = 0; i < scores.length; i++) {
      const s = scores[i]!
      const p = sigmoid(a + b * s)
      const g = p - labels[i]!
      const h = Math.max(1e-6, p * (1 - p))
      ga += g
      gb += g * s
      haa += h
      hab += h * s
      hbb += h * s * s
    }
    const det = haa * hbb - hab * hab
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det]
    a -= da
    b -= db
    if (Math.abs(da) + Math.abs(db) < 1e-7) break
  }
  return [a, Math.max(0, b)]
}
