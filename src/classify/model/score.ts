import { sigmoid } from '../../kit/index.js'
import { FEATURE_NAMES, type Features } from '../features/index.js'
import { radial, squaredDistances, trustAt } from './centres.js'
import { AT, type Layout, layOut } from './lay-out.js'
import { clip, multiplyPanel } from './panel.js'
import { EXPERTS, familiarity, KINDS, tellKinds } from './tell-kinds.js'
import { bagDot, weighBag } from './weigh-bag.js'
import type { Vectors } from './weights-file.js'

const D = FEATURE_NAMES.length

/** Relative scale of the blocks of a linear model: dense features, those of prompts that end in "Answer:", hashed tokens. */
export const DENSE_SCALE = 0.5 / Math.sqrt(D)
export const BAG_SCALE = 0.7
export const ANSWER_SCALE = 0.1
export const RBF_SCALE = 1
/** Probability of a kind below which its expert is not asked. */
const UNLIKELY = 0.01

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

/** Standardised features. */
export function standardise(dense: ArrayLike<number>, mu: Float32Array, sd: Float32Array, out: Float64Array): Float64Array {
  for (let j = 0; j < D; j++) out[j] = clip((dense[j]! - mu[j]!) / sd[j]!)
  return out
}

const EXPERT_KINDS = EXPERTS.map((kind) => KINDS.indexOf(kind))
let products = new Float64Array(0)
let squared = new Float64Array(0)
let expertProducts = new Float64Array(0)

/** All parts of the score; `vectors` as fitted by learn. */
export function scoreParts({ dense, bag, endsInAnswer }: Features, vectors: Vectors): Parts {
  const layout = layOut(vectors)
  const { panel, centres, scalars } = layout
  if (products.length !== panel.base.length) products = new Float64Array(panel.base.length)
  if (squared.length !== centres.norms.length) squared = new Float64Array(centres.norms.length)
  multiplyPanel(panel, dense, products)
  squaredDistances(products, centres, squared)
  const weighted = weighBag(bag, layout.idf)
  const product = (at: number): number => products[at]!
  const scalar = (at: number): number => scalars[at]!
  const hand = (product(AT.hand) - scalar(0)) / scalar(1)
  const copy = endsInAnswer ? 1 : 0
  const gain =
    scalar(2) +
    DENSE_SCALE * (product(AT.gain) + copy * product(AT.answerGain)) +
    copy * scalar(3) +
    BAG_SCALE * bagDot(bag, weighted, layout.bagGain) +
    RBF_SCALE * sumRadial(layout.rbf) +
    scalar(4) * hand
  const robust = scalar(5) + DENSE_SCALE * (product(AT.robust) + copy * product(AT.answerRobust)) + copy * scalar(6) + scalar(7) * hand
  const fail = scalar(8) + DENSE_SCALE * product(AT.fail)
  const [axis, axisFail] = readAxis(product(AT.axis), layout.axisScalars)
  const home =
    layout.home === null ? 0 : layout.home.offset + DENSE_SCALE * product(AT.home) + BAG_SCALE * bagDot(bag, weighted, layout.home.bag)
  const kinds = tellKinds(dense, products, AT.kinds, layout.kindsBias)
  const near = Math.sqrt(nearest(centres.count))
  const expertGain = new Float64Array(EXPERTS.length)
  const expertFail = new Float64Array(EXPERTS.length)
  for (let k = 0; k < EXPERTS.length; k++) {
    if (kinds[EXPERT_KINDS[k]!]! < UNLIKELY) continue
    const expert = layout.experts[k]!
    if (expertProducts.length < expert.panel.base.length) expertProducts = new Float64Array(expert.panel.base.length)
    multiplyPanel(expert.panel, dense, expertProducts)
    const [taskGain, taskFail] = readTasks(expert.tasks)
    expertGain[k] =
      expert.scalars[0]! +
      DENSE_SCALE * expertProducts[0]! +
      (expert.bagGain === null ? 0 : BAG_SCALE * bagDot(bag, weighted, expert.bagGain)) +
      taskGain
    expertFail[k] = expert.scalars[1]! + DENSE_SCALE * expertProducts[1]! + BAG_SCALE * bagDot(bag, weighted, expert.bagFail) + taskFail
  }
  const trust = trustAt(near) * familiarity(dense, kinds)
  return { kinds, trust, hand, gain, fail, robust, axis, axisFail, expertGain, expertFail, home }
}

function nearest(count: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let c = 0; c < count; c++) if (squared[c]! < least) least = squared[c]!
  return least
}

/** The radial basis functions stand on the first centres. */
function sumRadial(weights: Float32Array): number {
  let sum = 0
  for (let c = 0; c < weights.length; c++) sum += weights[c]! * radial(squared[c]!)
  return sum
}

/** What the tasks that the request may be of add, each by its probability; their products stand behind those of gain and failure. */
function readTasks({ bias, gain, fail }: Layout['experts'][number]['tasks']): readonly [gain: number, fail: number] {
  const logit = (k: number): number => bias[k]! + expertProducts[2 + k]!
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < bias.length; k++) most = Math.max(most, logit(k))
  let [total, gains, fails] = [0, 0, 0]
  for (let k = 0; k < bias.length; k++) {
    const p = Math.exp(logit(k) - most)
    total += p
    gains += p * gain[k]!
    fails += p * fail[k]!
  }
  return total === 0 ? [0, 0] : [gains / total, fails / total]
}

/** Gain and logit of failure at an easiness: scalars are level and slope of the strong and of the weak reference model. */
function readAxis(easiness: number, s: Float32Array): readonly [gain: number, fail: number] {
  const strong = sigmoid(s[0]! + s[1]! * easiness)
  const level = s[2]! + s[3]! * easiness
  const weak = sigmoid(level)
  return [strong - weak + 0.5 * (1 - weak), -level]
}
