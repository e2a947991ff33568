import {
  BAG_SCALE,
  BUCKETS,
  CHEAP_ABILITY,
  type Classifier,
  DENSE_SCALE,
  encodeWeights,
  extractFeatures,
  FEATURE_NAMES,
  FEATURES_DIGEST,
  judge,
  readPrompt,
  standardise,
  weighBag,
} from '../../classify/index.js'
import { seededRandom, sigmoid } from '../../kit/index.js'
import { addScaled } from '../dot.js'
import { type Comparison, logLoss } from '../evaluate.js'
import type { HomeRow } from './home-row.js'

/** Log loss a call on sessions held out, by the present weights and by refitted ones. */
export interface RefitResult extends Comparison {
  /** New weights; null when they did not do better on calls held out, or there was too little to learn from. */
  readonly bytes: Uint8Array | null
  readonly sessions: number
  /** One sentence for people. */
  readonly reason: string
}

/** Fewer calls than this, by weight, teach nothing. */
const LEAST = 12
const FOLDS = 5
/** Penalties: the offset is almost free, the rest needs evidence. */
const LAMBDA = 0.02
const ROUNDS = 120

/**
 * Learns a correction to the logit of failure from the user's own calls: an offset and weights over dense and hashed features, by
 * penalised logistic regression with the present judgement as its starting point. Whole sessions are held out.
 */
export function refit(rows: readonly HomeRow[], classifier: Classifier, seed = 1): RefitResult {
  const base: Classifier = { ...classifier, vectors: withoutHome(classifier.vectors) }
  const items = rows.map((row) => read(row, base, classifier))
  const sessions = [...new Set(rows.map((row) => row.session))].sort()
  const weight = rows.reduce((sum, row) => sum + row.weight, 0)
  const none = { bytes: null, rows: rows.length, sessions: sessions.length, before: 0, after: 0, gain: 0, gainSe: 0 }
  if (weight < LEAST || sessions.length < FOLDS)
    return {
      ...none,
      reason: `Too little to learn from: calls that say something: ${rows.length}, in sessions: ${sessions.length}. Feedback counts most.`,
    }
  const random = seededRandom(seed)
  const fold = new Map(sessions.map((session) => [session, Math.floor(random() * FOLDS)]))
  const differences: number[] = []
  let [before, after] = [0, 0]
  for (let f = 0; f < FOLDS; f++) {
    const shift = solve(items.filter((item) => fold.get(item.row.session) !== f))
    for (const item of items.filter((i) => fold.get(i.row.session) === f)) {
      const [old, fresh] = [loss(item, item.present), loss(item, apply(item, shift))]
      before += item.row.weight * old
      after += item.row.weight * fresh
      differences.push(item.row.weight * (old - fresh))
    }
  }
  const gain = (before - after) / weight
  const mean = differences.reduce((a, b) => a + b, 0) / differences.length
  const gainSe =
    (Math.sqrt(differences.reduce((a, d) => a + (d - mean) ** 2, 0)) / weight) *
    Math.sqrt(differences.length / Math.max(1, differences.length - 1))
  const measured = { rows: rows.length, sessions: sessions.length, before: before / weight, after: after / weight, gain, gainSe }
  if (gain <= gainSe)
    return {
      ...measured,
      bytes: null,
      reason: 'The refitted weights are not clearly better on sessions held out, so the present ones stay.',
    }
  return {
    ...measured,
    bytes: encodeWeights({ ...base.vectors, ...toVectors(solve(items)) }, FEATURES_DIGEST),
    reason: 'The refitted weights are better on sessions held out.',
  }
}

/** Takes a learned correction out again. */
export function withoutHome(vectors: Classifier['vectors']): Classifier['vectors'] {
  return Object.fromEntries(Object.entries(vectors).filter(([name]) => !name.startsWith('home.')))
}

interface Item {
  readonly row: HomeRow
  readonly dense: Float64Array
  readonly bag: readonly (readonly [bucket: number, value: number])[]
  /** Logit of a cheap model's failure without and with the correction in use. */
  readonly base: number
  readonly present: number
}
interface Shift {
  offset: number
  readonly dense: Float64Array
  readonly bag: Float64Array
}

const D = FEATURE_NAMES.length

function read(row: HomeRow, base: Classifier, present: Classifier): Item {
  const { text, low, length } = readPrompt(row.prompt)
  const features = extractFeatures(text, low, length)
  const dense = standardise(features.dense, base.vectors['mu.exam']!, base.vectors['sd.exam']!, new Float64Array(D))
  const values = weighBag(features.bag, base.vectors.idf!)
  const bag = Array.from({ length: features.bag.size }, (_, k) => [features.bag.touched[k]!, BAG_SCALE * values[k]!] as const)
  return {
    row,
    dense: dense.map((v) => DENSE_SCALE * v),
    bag,
    base: judge(row.prompt, base).logit,
    present: judge(row.prompt, present).logit,
  }
}

function apply(item: Item, shift: Shift): number {
  let z = item.base + shift.offset
  for (let j = 0; j < D; j++) z += item.dense[j]! * shift.dense[j]!
  for (const [bucket, value] of item.bag) z += value * shift.bag[bucket]!
  return z
}

/** Log loss of "this model's answer is good" at a logit of failure. */
function loss({ row }: Item, fail: number): number {
  return logLoss(row.good, row.ability - CHEAP_ABILITY - fail)
}

/** Gradient descent with a step for each block by its curvature; small, convex, and done in milliseconds. */
function solve(items: readonly Item[]): Shift {
  const shift: Shift = { offset: 0, dense: new Float64Array(D), bag: new Float64Array(BUCKETS) }
  // Most buckets never occur in so few calls; their weights stay 0.
  const buckets = [...new Set(items.flatMap((item) => item.bag.map(([bucket]) => bucket)))]
  const gBag = new Float64Array(BUCKETS)
  const total = items.reduce((sum, item) => sum + item.row.weight, 0)
  for (let round = 0; round < ROUNDS; round++) {
    const gDense = shift.dense.map((v) => LAMBDA * v)
    for (const j of buckets) gBag[j] = LAMBDA * shift.bag[j]!
    let gOffset = 0.1 * LAMBDA * shift.offset
    for (const item of items) {
      const p = sigmoid(item.row.ability - CHEAP_ABILITY - apply(item, shift))
      // The logit of failure enters with a minus.
      const g = ((item.row.good - p) * item.row.weight) / total
      gOffset += g
      addScaled(gDense, 0, g, item.dense, 0, D)
      for (const [bucket, value] of item.bag) gBag[bucket]! += g * value
    }
    shift.offset -= 1.5 * gOffset
    addScaled(shift.dense, 0, -1.5, gDense, 0, D)
    for (const j of buckets) shift.bag[j]! -= 1.5 * gBag[j]!
  }
  return shift
}

function toVectors(shift: Shift): Classifier['vectors'] {
  return {
    'home.dense': Float32Array.from(shift.dense),
    'home.bag': Float32Array.from(shift.bag),
    'home.scalars': Float32Array.from([shift.offset]),
  }
}
