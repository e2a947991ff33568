import type { Bag } from '../features/hashed.js'
import { BUCKETS, FEATURE_NAMES, type Features } from '../features/index.js'
import { HAND_WEIGHTS } from './hand-prior.js'
import type { Vectors } from './weights-file.js'

const D = FEATURE_NAMES.length

/** Kinds of request that have a model of their own; `issue` has none, since nothing in a repository issue's text predicts its difficulty. */
export const KINDS = ['exam', 'contest', 'call', 'japanese', 'issue'] as const
export type Kind = (typeof KINDS)[number]
export const EXPERTS: readonly Kind[] = ['contest', 'call', 'japanese']

/** Relative scale of the blocks of a linear model: dense features, those of prompts that end in "Answer:", hashed tokens. */
export const DENSE_SCALE = 0.5 / Math.sqrt(D)
export const BAG_SCALE = 0.7
export const ANSWER_SCALE = 0.1
export const RBF_SCALE = 1
export const PROJECTED = 40
/** Squared length scale of the radial basis functions, doubled. */
const RBF_WIDTH = 2 * 4 * 4
/** Distance to the nearest centre at which a fitted model is trusted half, and how fast trust falls. */
const TRUST_AT = 7
const TRUST_WIDTH = 0.7

/** What one request's features give under a fitted model, before the parts are put together. */
export interface Parts {
  /** Probability of each kind. */
  readonly kinds: Float64Array
  /** 0..1: share of the fitted models against the prior. */
  readonly trust: number
  readonly hand: number
  readonly gain: number
  readonly fail: number
  readonly robust: number
  /** Place on the axis common to all models, as a gain, and as the logit that the weak reference model fails. */
  readonly axis: number
  readonly axisFail: number
  /** Gain and failure by the models of the other kinds, in the order of EXPERTS. */
  readonly expertGain: Float64Array
  readonly expertFail: Float64Array
  /** What the user's own outcomes add to the logit of failure; 0 until something was learned. */
  readonly home: number
}

const ln = Float64Array.from({ length: 4096 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)))
const values = new Float64Array(BUCKETS)

/** TF-IDF values of the touched buckets, of unit length; valid until the next call. */
export function weighBag(bag: Bag, idf: Float32Array): Float64Array {
  let norm = 0
  for (let k = 0; k < bag.size; k++) {
    const bucket = bag.touched[k] as number
    const value = (ln[bag.count[bucket] as number] as number) * (idf[bucket] as number)
    values[k] = value
    norm += value * value
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0
  for (let k = 0; k < bag.size; k++) values[k] = (values[k] as number) * scale
  return values
}

/** Standardised features, clipped at three standard deviations. */
export function standardise(dense: ArrayLike<number>, mu: Float32Array, sd: Float32Array, out: Float64Array): Float64Array {
  for (let j = 0; j < D; j++) {
    const z = ((dense[j] as number) - (mu[j] as number)) / (sd[j] as number)
    out[j] = z > 3 ? 3 : Math.max(z, -3)
  }
  return out
}

export function dot(a: Float64Array, b: Float32Array, n: number): number {
  return dotAt(a, b, 0, n)
}

/** Product of `a` with the `n` numbers of `b` from `at` on; four sums at once, since one would wait for each addition. Typed narrowly: seen with other arrays it runs several times slower. */
function dotAt(a: Float64Array, b: Float32Array, at: number, n: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i + 3 < n; i += 4) {
    s0 += (a[i] as number) * (b[at + i] as number)
    s1 += (a[i + 1] as number) * (b[at + i + 1] as number)
    s2 += (a[i + 2] as number) * (b[at + i + 2] as number)
    s3 += (a[i + 3] as number) * (b[at + i + 3] as number)
  }
  for (; i < n; i++) s0 += (a[i] as number) * (b[at + i] as number)
  return s0 + s1 + s2 + s3
}

function bagDot(bag: Bag, weighted: Float64Array, weights: Float32Array): number {
  let sum = 0
  for (let k = 0; k < bag.size; k++) sum += (weighted[k] as number) * (weights[bag.touched[k] as number] as number)
  return sum
}

const projected = new Float64Array(PROJECTED)
const knownNorms = new WeakMap<Float32Array, Float64Array>()

function dotSelf(a: Float64Array): number {
  let sum = 0
  for (const v of a) sum += v * v
  return sum
}

/** Squared lengths of the centres, reckoned once for each set of weights. */
function centreNorms(centres: Float32Array): Float64Array {
  let norms = knownNorms.get(centres)
  if (norms === undefined) {
    norms = new Float64Array(centres.length / PROJECTED)
    for (let i = 0; i < centres.length; i++) {
      const c = Math.floor(i / PROJECTED)
      norms[c] = (norms[c] as number) + (centres[i] as number) ** 2
    }
    knownNorms.set(centres, norms)
  }
  return norms
}

/** Squared distances of a standardised request to the centres, in the projected space, into `out`. */
export function squaredDistances(x: Float64Array, vectors: Vectors, out: Float64Array): void {
  const project = vectors.project as Float32Array
  const centres = vectors.centres as Float32Array
  for (let p = 0; p < PROJECTED; p++) projected[p] = dotAt(x, project, p * D, D)
  const own = dotSelf(projected)
  const norms = centreNorms(centres)
  // |p - c|^2 = |p|^2 - 2 pc + |c|^2: a product is several times faster than a sum of squared differences.
  for (let c = 0; c < out.length; c++)
    out[c] = Math.max(0, own - 2 * dotAt(projected, centres, c * PROJECTED, PROJECTED) + (norms[c] as number))
}

export function radial(squared: number): number {
  return Math.exp(-squared / RBF_WIDTH)
}

export function trustAt(distance: number): number {
  return 1 / (1 + Math.exp((distance - TRUST_AT) / TRUST_WIDTH))
}

const x = new Float64Array(D)
const own = new Float64Array(D)
let squared = new Float64Array(0)

/** All parts of the score; `vectors` as fitted by learn. */
export function scoreParts(features: Features, vectors: Vectors): Parts {
  const { dense, bag, endsInAnswer } = features
  const v = (name: string): Float32Array => vectors[name] as Float32Array
  const weighted = weighBag(bag, v('idf'))
  standardise(dense, v('mu.exam'), v('sd.exam'), x)
  const centres = v('centres').length / PROJECTED
  if (squared.length !== centres) squared = new Float64Array(centres)
  squaredDistances(x, vectors, squared)
  let nearest = Number.POSITIVE_INFINITY
  for (const d of squared) if (d < nearest) nearest = d
  const rbf = v('rbf.gain')
  let radialSum = 0
  for (let c = 0; c < rbf.length; c++) radialSum += (rbf[c] as number) * radial(squared[c] as number)
  const s = v('exam.scalars')
  const hand = (dot(x, HAND_WEIGHTS, D) - (s[0] as number)) / (s[1] as number)
  const copy = endsInAnswer ? 1 : 0
  const gain =
    (s[2] as number) +
    DENSE_SCALE * (dot(x, v('exam.gain'), D) + copy * dot(x, v('answer.gain'), D)) +
    copy * (s[3] as number) +
    BAG_SCALE * bagDot(bag, weighted, v('bag.gain')) +
    RBF_SCALE * radialSum +
    (s[4] as number) * hand
  const robust =
    (s[5] as number) +
    DENSE_SCALE * (dot(x, v('exam.robust'), D) + copy * dot(x, v('answer.robust'), D)) +
    copy * (s[6] as number) +
    (s[7] as number) * hand
  const fail = (s[8] as number) + DENSE_SCALE * dot(x, v('exam.fail'), D)
  const [axis, axisFail] = readAxis(dot(x, v('exam.axis'), D), v('axis.scalars'))
  const kinds = softmaxKinds(x, v('kinds'), v('kinds.scalars'))
  settleJapanese(kinds, dense)
  const expertGain = new Float64Array(EXPERTS.length)
  const expertFail = new Float64Array(EXPERTS.length)
  for (const [k, kind] of EXPERTS.entries()) {
    if ((kinds[KINDS.indexOf(kind)] as number) < 0.01) continue
    standardise(dense, v(`mu.${kind}`), v(`sd.${kind}`), own)
    const scalars = v(`${kind}.scalars`)
    expertGain[k] =
      (scalars[0] as number) + DENSE_SCALE * dot(own, v(`${kind}.gain`), D) + BAG_SCALE * bagDot(bag, weighted, v(`bag.${kind}.gain`))
    expertFail[k] =
      (scalars[1] as number) + DENSE_SCALE * dot(own, v(`${kind}.fail`), D) + BAG_SCALE * bagDot(bag, weighted, v(`bag.${kind}.fail`))
  }
  const home =
    vectors['home.dense'] === undefined
      ? 0
      : (v('home.scalars')[0] as number) + DENSE_SCALE * dot(x, v('home.dense'), D) + BAG_SCALE * bagDot(bag, weighted, v('home.bag'))
  return {
    kinds,
    trust: trustAt(Math.sqrt(nearest)) * familiarity(dense, kinds),
    hand,
    gain,
    fail,
    robust,
    axis,
    axisFail,
    expertGain,
    expertFail,
    home,
  }
}

const at = (name: string): number => FEATURE_NAMES.indexOf(name)
const [KANA, CJK, CYRILLIC, FOREIGN, LENGTH, LITTLE_WORDS, WORDS, SHORT_ORDER] = [
  at('kana'),
  at('cjk'),
  at('cyr'),
  at('non'),
  at('len'),
  at('commonrate'),
  at('words'),
  at('shortdo'),
]

/** Share of the text's characters of a class whose count is given as ln(1 + count). */
function shareOf(dense: ArrayLike<number>, feature: number): number {
  return Math.expm1(dense[feature] as number) / Math.max(1, Math.min(1800, Math.expm1(dense[LENGTH] as number)))
}

/** Japanese is told by its script alone: kana, and enough of them. */
function settleJapanese(kinds: Float64Array, dense: ArrayLike<number>): void {
  const own = KINDS.indexOf('japanese')
  if ((dense[KANA] as number) > 0.1 && shareOf(dense, CJK) > 0.25) {
    kinds.fill(0)
    kinds[own] = 1
    return
  }
  const rest = 1 - (kinds[own] as number)
  kinds[own] = 0
  for (let k = 0; k < kinds.length; k++) kinds[k] = rest > 1e-6 ? (kinds[k] as number) / rest : k === 0 ? 1 : 0
}

/** What the distance to the training data cannot see: other scripts and languages, and short orders, which no exam puts. */
function familiarity(dense: ArrayLike<number>, kinds: Float64Array): number {
  if ((kinds[KINDS.indexOf('japanese')] as number) === 1) return 1
  if (shareOf(dense, CJK) + shareOf(dense, CYRILLIC) > 0.2) return 0.2
  if ((dense[LITTLE_WORDS] as number) < 0.03 && (dense[WORDS] as number) > Math.log1p(4) && shareOf(dense, FOREIGN) > 0) return 0.3
  return 1 - 0.6 * (kinds[0] as number) * (dense[SHORT_ORDER] as number)
}

/** Gain and logit of failure at an easiness: scalars are level and slope of the strong and of the weak reference model. */
function readAxis(easiness: number, s: Float32Array): readonly [gain: number, fail: number] {
  const strong = 1 / (1 + Math.exp(-((s[0] as number) + (s[1] as number) * easiness)))
  const logit = (s[2] as number) + (s[3] as number) * easiness
  const weak = 1 / (1 + Math.exp(-logit))
  return [strong - weak + 0.5 * (1 - weak), -logit]
}

function softmaxKinds(z: Float64Array, weights: Float32Array, bias: Float32Array): Float64Array {
  const out = new Float64Array(KINDS.length)
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < out.length; k++) {
    const sum = (bias[k] as number) + dotAt(z, weights, k * D, D)
    out[k] = sum
    if (sum > most) most = sum
  }
  let total = 0
  for (let k = 0; k < out.length; k++) total += out[k] = Math.exp((out[k] as number) - most)
  for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) / total
  return out
}
