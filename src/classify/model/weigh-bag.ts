import { type Bag, BUCKETS } from '../features/hashed.js'

const ln = Float64Array.from({ length: 4096 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)))
const values = new Float64Array(BUCKETS)

/** TF-IDF values of the touched buckets, of unit length; valid until the next call. */
export function weighBag(bag: Bag, idf: Float32Array): Float64Array {
  let norm = 0
  for (let k = 0; k < bag.size; k++) {
    const bucket = bag.touched[k]!
    const value = ln[bag.count[bucket]!]! * idf[bucket]!
    values[k] = value
    norm += value * value
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0
  for (let k = 0; k < bag.size; k++) values[k]! *= scale
  return values
}

/** Product of the bag's values with the weights of its buckets. */
export function bagDot(bag: Bag, weighted: Float64Array, weights: Float32Array): number {
  let sum = 0
  for (let k = 0; k < bag.size; k++) sum += weighted[k]! * weights[bag.touched[k]!]!
  return sum
}
