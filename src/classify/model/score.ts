import { sigmoid } from '../../kit/index.js'
import { FEATURE_NAMES, type Features } from '../features/index.js'
import { radial, squaredDistances, trustAt } from './centres.js'
import { AT, EXPERT_AT, type ExpertLayout, type Layout, layOut } from './lay-out.js'
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

/** The scores of one request's features under a fitted model, before they are combined. */
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

/** Standardised features, into `out`. */
export function standardise<Out extends Float32Array | Float64Array>(
  dense: ArrayLike<number>,
  mu: Float32Array,
  sd: Float32Array,
  out: Out,
): Out {
  for (let j = 0; j < D; j++) out[j] = clip((dense[j]! - mu[j]!) / sd[j]!)
  return out
}

const EXPERT_KINDS = EXPERTS.map((kind) => KINDS.indexOf(kind))
// Results of one call, in arrays that the next call reuses.
let products = new Float64Array(0)
let squared = new Float64Array(0)
let expertProducts = new Float64Array(0)

/** Product of the request's hashed words with the weights of a bag; 0 for a model without words. */
type Words = (weights: Float32Array | null) => number

/** All parts of the score; `vectors` as fitted by learn. */
export function scoreParts({ dense, bag, endsInAnswer }: Features, vectors: Vectors): Parts {
  const layout = layOut(vectors)
  const { panel, centres } = layout
  if (products.length !== panel.base.length) products = new Float64Array(panel.base.length)
  if (squared.length !== centres.norms.length) squared = new Float64Array(centres.norms.length)
  multiplyPanel(panel, dense, products)
  squaredDistances(products, centres, squared)
  const weighted = weighBag(bag, layout.idf)
  const words: Words = (weights) => (weights === null ? 0 : BAG_SCALE * bagDot(bag, weighted, weights))
  const kinds = tellKinds(dense, products, AT.kinds, layout.kindsBias)
  const trust = trustAt(Math.sqrt(nearest(centres.count))) * familiarity(dense, kinds)
  const home = layout.home === null ? 0 : layout.home.offset + DENSE_SCALE * products[AT.home]! + words(layout.home.bag)
  const { hand, gain, robust, fail, axis, axisFail } = scoreExam(layout, endsInAnswer, words)
  const { expertGain, expertFail } = scoreExperts(layout.experts, dense, kinds, words)
  return { kinds, trust, home, hand, gain, robust, fail, axis, axisFail, expertGain, expertFail }
}

/** The exam model, from `products` and `squared`. */
function scoreExam(
  layout: Layout,
  endsInAnswer: boolean,
  words: Words,
): Pick<Parts, 'hand' | 'gain' | 'robust' | 'fail' | 'axis' | 'axisFail'> {
  const s = layout.scalars
  const answer = endsInAnswer ? 1 : 0
  const hand = (products[AT.hand]! - s.handMean) / s.handSd
  const gain =
    s.gainBias +
    DENSE_SCALE * (products[AT.gain]! + answer * products[AT.answerGain]!) +
    answer * s.gainAnswer +
    words(layout.bagGain) +
    RBF_SCALE * sumRadial(layout.rbf) +
    s.gainHand * hand
  const robust =
    s.robustBias +
    DENSE_SCALE * (products[AT.robust]! + answer * products[AT.answerRobust]!) +
    answer * s.robustAnswer +
    s.robustHand * hand
  const fail = s.failBias + DENSE_SCALE * products[AT.fail]!
  const [axis, axisFail] = readAxis(products[AT.axis]!, layout.axis)
  return { hand, gain, robust, fail, axis, axisFail }
}

/** The models of the other kinds, as far as the request may be of their kind. */
function scoreExperts(
  experts: readonly ExpertLayout[],
  dense: readonly number[],
  kinds: Float64Array,
  words: Words,
): Pick<Parts, 'expertGain' | 'expertFail'> {
  const expertGain = new Float64Array(experts.length)
  const expertFail = new Float64Array(experts.length)
  for (const [k, expert] of experts.entries()) {
    if (kinds[EXPERT_KINDS[k]!]! < UNLIKELY) continue
    if (expertProducts.length < expert.panel.base.length) expertProducts = new Float64Array(expert.panel.base.length)
    multiplyPanel(expert.panel, dense, expertProducts)
    const [taskGain, taskFail] = readTasks(expert.tasks)
    expertGain[k] = expert.gainBias + DENSE_SCALE * expertProducts[EXPERT_AT.gain]! + words(expert.bagGain) + taskGain
    expertFail[k] = expert.failBias + DENSE_SCALE * expertProducts[EXPERT_AT.fail]! + words(expert.bagFail) + taskFail
  }
  return { expertGain, expertFail }
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

/** What the tasks of a kind add to gain and failure, each weighted by its probability. */
function readTasks({ bias, gain, fail }: ExpertLayout['tasks']): readonly [gain: number, fail: number] {
  const logit = (k: number): number => bias[k]! + expertProducts[EXPERT_AT.tasks + k]!
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

/** Gain of the strong over the weak reference model at an easiness, and the logit that the weak one fails. */
function readAxis(easiness: number, { strong, weak }: Layout['axis']): readonly [gain: number, fail: number] {
  const right = sigmoid(strong.level + strong.slope * easiness)
  const weakLogit = weak.level + weak.slope * easiness
  const weakRight = sigmoid(weakLogit)
  return [right - weakRight + 0.5 * (1 - weakRight), -weakLogit]
}
