import {
  ANSWER_SCALE,
  BAG_SCALE,
  BUCKETS,
  DENSE_SCALE,
  EXAM_SCALARS,
  EXPERTS,
  type ExamScalars,
  FEATURE_NAMES,
  HAND_WEIGHTS,
  KINDS,
  type Kind,
  PROJECTED,
  RBF_SCALE,
  radial,
  type Vectors,
} from '../classify/index.js'
import { addTo } from '../kit/index.js'
import { fitAbilityAxis } from './ability-axis.js'
import { buildDesign, inverseFrequency, type Labelled, moments, standardiseAll, weighDesign } from './design.js'
import { dot } from './dot.js'
import { fitExpert } from './fit-expert.js'
import { GENERAL_PROMPTS } from './general-prompts.js'
import { kMeans } from './k-means.js'
import type { Labels } from './labels.js'
import { principalAxes } from './principal-axes.js'
import { type Block, denseBlock, type Fit, ridge, sparseBlock } from './ridge.js'
import { fitSoftmax } from './softmax.js'

const D = FEATURE_NAMES.length
/** Centres over the exam kinds, which also carry the radial basis functions, and over each other kind. */
const CENTRES = 192
const OWN_CENTRES = 8
/** Shrinkage to the hand-made prior, and ridge penalties, by cross-validation. */
const HAND_GAIN = 0.03
const HAND_ROBUST = 0.06
const LAMBDA = { gain: 0.003, robust: 0.01, fail: 0.003 } as const
/** Sources weigh by their size to the power of 1 - 0.15. */
const EVENNESS = 0.15

/** Penalty and class weights of the gate between kinds, in the order of KINDS, and how often each general prompt counts. */
const KIND_LAMBDA = 1e-4
const KIND_IMPORTANCE = [4, 1, 1, 1, 1] as const
const GENERAL_REPEATS = 30

/** Fits every vector of the model but the common scales, on the rows given by index. */
export function fitVectors(data: Labelled, train: Int32Array, seed: number): Vectors {
  const { design, labels } = data
  const of = (kind: Kind, ok: (l: Labels) => boolean = () => true): Int32Array =>
    train.filter((i) => labels[i]?.kind === kind && ok(labels[i]))
  const exam = of('exam', (l) => Number.isFinite(l.gain))
  const { mu, sd } = moments(design, exam)
  const x = standardiseAll(design, mu, sd)
  const idf = inverseFrequency(design, train)
  const bag = sparseBlock(design.start, design.bucket, weighDesign(design, idf), BUCKETS, BAG_SCALE)
  const project = principalAxes(take(x, exam), D, PROJECTED, seed)
  const flat = projectAll(x, project)
  const centresOf = (rows: Int32Array, count: number) => kMeans(take(flat, rows, PROJECTED), PROJECTED, count, seed)
  const examCentres = centresOf(exam, CENTRES)
  const otherCentres = KINDS.filter((kind) => kind !== 'exam')
    .map((kind) => of(kind))
    .filter((rows) => rows.length >= OWN_CENTRES)
    .map((rows) => centresOf(rows, OWN_CENTRES))
  const kinds = fitKinds(data, train, x, mu, sd)
  const experts = EXPERTS.map((kind) =>
    fitExpert(
      data,
      of(kind, (l) => Number.isFinite(l.gain) && Number.isFinite(l.fail)),
      kind,
      bag,
    ),
  )
  return Object.assign(
    {
      idf,
      'mu.exam': mu,
      'sd.exam': sd,
      project,
      centres: Float32Array.from([examCentres, ...otherCentres].flatMap((c) => Array.from(c))),
      kinds: Float32Array.from(kinds.weights),
      'kinds.scalars': Float32Array.from(kinds.bias),
    },
    fitExam(data, exam, x, bag, radialMatrix(flat, examCentres)),
    ...experts,
  )
}

/** The exam model: ridges of gain (with and without words) and of failure, and the ability axis. */
function fitExam(data: Labelled, exam: Int32Array, x: Float32Array, bag: Block, rbf: Float32Array): Vectors {
  const { design, labels } = data
  const hand = handScores(x, exam)
  const weights = evenWeights(data, exam)
  const dense = denseBlock(x, D, DENSE_SCALE)
  const answer = denseBlock(Float32Array.from(design.answer), 1, ANSWER_SCALE)
  const answerDense = denseBlock(x, D, DENSE_SCALE, design.answer)
  const target = (value: (l: Labels) => number, kappa: number): Float64Array =>
    Float64Array.from(exam, (i) => value(labels[i]!) - kappa * hand.z[i]!)
  const gain = ridge(
    [dense, answer, answerDense, bag, denseBlock(rbf, CENTRES, RBF_SCALE)],
    exam,
    target((l) => l.gain, HAND_GAIN),
    weights,
    LAMBDA.gain,
  )
  const robust = ridge(
    [dense, answer, answerDense],
    exam,
    target((l) => l.gain + 0.5 * (1 - l.weak), HAND_ROBUST),
    weights,
    LAMBDA.robust,
  )
  const failing = exam.filter((i) => Number.isFinite(labels[i]!.fail))
  const fail = ridge(
    [dense],
    failing,
    Float64Array.from(failing, (i) => labels[i]!.fail),
    evenWeights(data, failing),
    LAMBDA.fail,
  )
  const axis = fitAbilityAxis(
    take(x, exam),
    D,
    Array.from(exam, (i) => data.rows[i]!),
  )
  const scalars: ExamScalars = {
    handMean: hand.mean,
    handSd: hand.sd,
    gainBias: gain.bias,
    gainAnswer: ANSWER_SCALE * gain.weights[1]![0]!,
    gainHand: HAND_GAIN,
    robustBias: robust.bias,
    robustAnswer: ANSWER_SCALE * robust.weights[1]![0]!,
    robustHand: HAND_ROBUST,
    failBias: fail.bias,
  }
  const block = (fit: Fit, k: number): Float32Array => Float32Array.from(fit.weights[k]!)
  return {
    'exam.gain': block(gain, 0),
    'answer.gain': block(gain, 2),
    'bag.gain': block(gain, 3),
    'rbf.gain': block(gain, 4),
    'exam.robust': block(robust, 0),
    'answer.robust': block(robust, 2),
    'exam.fail': block(fail, 0),
    'exam.axis': Float32Array.from(axis.axis),
    'axis.scalars': Float32Array.from([...axis.strong, ...axis.weak]),
    'exam.scalars': Float32Array.from(EXAM_SCALARS, (name) => scalars[name]),
  }
}

/** The gate between kinds. Exams weigh most, so that a request of an unknown kind goes to the exam model and not to a narrow expert. */
function fitKinds(
  { labels }: Labelled,
  train: Int32Array,
  x: Float32Array,
  mu: Float32Array,
  sd: Float32Array,
): ReturnType<typeof fitSoftmax> {
  const general = standardiseAll(
    buildDesign(GENERAL_PROMPTS.map((prompt) => ({ id: '', source: '', task: '', prompt, models: {} }))),
    mu,
    sd,
  )
  const own = take(x, train)
  const all = new Float32Array(own.length + GENERAL_REPEATS * general.length)
  all.set(own)
  for (let r = 0; r < GENERAL_REPEATS; r++) all.set(general, own.length + r * general.length)
  const label = [
    ...Array.from(train, (i) => KINDS.indexOf(labels[i]!.kind)),
    ...new Array<number>(GENERAL_REPEATS * GENERAL_PROMPTS.length).fill(0),
  ]
  return fitSoftmax(all, D, label, KINDS.length, KIND_LAMBDA, KIND_IMPORTANCE)
}

function take(matrix: Float32Array, rows: Int32Array, columns = D): Float32Array {
  const out = new Float32Array(rows.length * columns)
  for (const [k, i] of rows.entries()) out.set(matrix.subarray(i * columns, (i + 1) * columns), k * columns)
  return out
}

function projectAll(x: Float32Array, project: Float32Array): Float32Array {
  const n = x.length / D
  const out = new Float32Array(n * PROJECTED)
  for (let i = 0; i < n; i++) for (let p = 0; p < PROJECTED; p++) out[i * PROJECTED + p] = dot(x, i * D, project, p * D, D)
  return out
}

function radialMatrix(flat: Float32Array, centres: Float32Array): Float32Array {
  const n = flat.length / PROJECTED
  const count = centres.length / PROJECTED
  const out = new Float32Array(n * count)
  for (let i = 0; i < n; i++)
    for (let c = 0; c < count; c++) {
      let d = 0
      for (let p = 0; p < PROJECTED; p++) d += (flat[i * PROJECTED + p]! - centres[c * PROJECTED + p]!) ** 2
      out[i * count + c] = radial(d)
    }
  return out
}

function handScores(x: Float32Array, rows: Int32Array): { readonly z: Float64Array; readonly mean: number; readonly sd: number } {
  const n = x.length / D
  const raw = Float64Array.from({ length: n }, (_, i) => dot(x, i * D, HAND_WEIGHTS, 0, D))
  let [sum, square] = [0, 0]
  for (const i of rows) {
    sum += raw[i]!
    square += raw[i]! ** 2
  }
  const mean = sum / rows.length
  const sd = Math.sqrt(Math.max(1e-9, square / rows.length - mean * mean))
  return { z: raw.map((v) => (v - mean) / sd), mean, sd }
}

/** Weights that lift small sources: (rows of the same source and family) to the power of -EVENNESS. */
function evenWeights({ rows, labels }: Labelled, train: Int32Array): Float64Array {
  const key = (i: number): string => `${rows[i]?.source}/${labels[i]?.family}`
  const sizes = new Map<string, number>()
  for (const i of train) addTo(sizes, key(i))
  return Float64Array.from(train, (i) => sizes.get(key(i))! ** -EVENNESS)
}
