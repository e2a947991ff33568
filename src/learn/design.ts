import { BUCKETS, extractFeatures, FEATURE_NAMES, readPrompt, readShape, standardise } from '../classify/index.js'
import type { LabelledRow } from './labelled-rows.js'
import type { Labels } from './labels.js'

const D = FEATURE_NAMES.length

/** Features of all rows: dense ones row by row, hashed token counts in compressed rows. */
export type Design = Readonly<ReturnType<typeof buildDesign>>

export interface Labelled {
  readonly rows: readonly LabelledRow[]
  readonly labels: readonly Labels[]
  readonly design: Design
}

export function buildDesign(rows: readonly LabelledRow[]) {
  const dense = new Float32Array(rows.length * D)
  const start = new Int32Array(rows.length + 1)
  const buckets: number[] = []
  const counts: number[] = []
  const answer = new Uint8Array(rows.length)
  // ln(1 + characters), and the hand-made shape prior, logits.
  const [length, shape] = [new Float64Array(rows.length), new Float64Array(rows.length)]
  for (const [i, row] of rows.entries()) {
    const { text, low, length: written } = readPrompt(row.prompt)
    const features = extractFeatures(text, low, written)
    dense.set(features.dense, i * D)
    for (let k = 0; k < features.bag.size; k++) {
      const bucket = features.bag.touched[k]!
      buckets.push(bucket)
      counts.push(features.bag.count[bucket]!)
    }
    start[i + 1] = buckets.length
    answer[i] = features.endsInAnswer ? 1 : 0
    length[i] = features.dense[0]!
    shape[i] = readShape(low).logit
  }
  return { rows: rows.length, dense, start, bucket: Uint16Array.from(buckets), count: Uint16Array.from(counts), answer, length, shape }
}

/** Mean and standard deviation of each dense feature over the given rows; a constant one gets 1. */
export function moments(design: Design, rows: Int32Array): { readonly mu: Float32Array; readonly sd: Float32Array } {
  const mu = new Float64Array(D)
  const square = new Float64Array(D)
  for (const i of rows)
    for (let j = 0; j < D; j++) {
      const v = design.dense[i * D + j]!
      mu[j]! += v
      square[j]! += v * v
    }
  const sd = new Float32Array(D)
  for (let j = 0; j < D; j++) {
    mu[j]! /= rows.length
    const variance = square[j]! / rows.length - mu[j]! ** 2
    sd[j] = variance > 1e-9 ? Math.sqrt(variance) : 1
  }
  return { mu: Float32Array.from(mu), sd }
}

/** Inverse document frequency of each bucket over the given rows; 0 for buckets in fewer than three. */
export function inverseFrequency(design: Design, rows: Int32Array): Float32Array {
  const found = new Float64Array(BUCKETS)
  for (const i of rows) for (let k = design.start[i]!; k < design.start[i + 1]!; k++) found[design.bucket[k]!]! += 1
  return Float32Array.from(found, (n) => (n < 3 ? 0 : Math.log((rows.length + 1) / (n + 1)) + 0.3))
}

/** TF-IDF values parallel to `design.bucket`, each row of unit length. */
export function weighDesign(design: Design, idf: Float32Array): Float32Array {
  const values = new Float32Array(design.bucket.length)
  for (let i = 0; i < design.rows; i++) {
    const [from, to] = [design.start[i]!, design.start[i + 1]!]
    let norm = 0
    for (let k = from; k < to; k++) {
      const v = (1 + Math.log(design.count[k]!)) * idf[design.bucket[k]!]!
      values[k] = v
      norm += v * v
    }
    if (norm > 0) for (let k = from; k < to; k++) values[k]! /= Math.sqrt(norm)
  }
  return values
}

/** Standardised features of all rows, clipped at three standard deviations. */
export function standardiseAll(design: Design, mu: Float32Array, sd: Float32Array): Float32Array {
  const out = new Float32Array(design.rows * D)
  for (let at = 0; at < out.length; at += D) standardise(design.dense.subarray(at, at + D), mu, sd, out.subarray(at, at + D))
  return out
}
