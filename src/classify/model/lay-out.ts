import { entry } from '../../kit/index.js'
import { type Centres, layCentres, PROJECTED } from './centres.js'
import { HAND_WEIGHTS } from './hand-prior.js'
import { layPanel, type Panel } from './panel.js'
import { EXPERTS, KINDS, type Kind } from './tell-kinds.js'
import type { Vectors } from './weights-file.js'

/** Places of the products in the exam panel's output. */
export const AT = {
  projected: 0,
  hand: PROJECTED,
  gain: PROJECTED + 1,
  answerGain: PROJECTED + 2,
  robust: PROJECTED + 3,
  answerRobust: PROJECTED + 4,
  fail: PROJECTED + 5,
  axis: PROJECTED + 6,
  home: PROJECTED + 7,
  kinds: PROJECTED + 8,
} as const

/** Places of the products in an expert panel's output; those of its tasks follow. */
export const EXPERT_AT = { gain: 0, fail: 1, tasks: 2 } as const

/** Single numbers of the exam model, in the order of the stored vector `exam.scalars`. */
// biome-ignore format: one line shows the order
export const EXAM_SCALARS = ['handMean', 'handSd', 'gainBias', 'gainAnswer', 'gainHand', 'robustBias', 'robustAnswer', 'robustHand', 'failBias'] as const
export type ExamScalars = Readonly<Record<(typeof EXAM_SCALARS)[number], number>>

export interface ExpertLayout {
  readonly panel: Panel
  readonly bagGain: Float32Array | null
  readonly bagFail: Float32Array
  readonly gainBias: number
  readonly failBias: number
  /** Tasks within the kind, and what each adds to gain and failure; empty for a kind with a single task. */
  readonly tasks: { readonly bias: Float32Array; readonly gain: Float32Array; readonly fail: Float32Array }
}

/** A reference model on the ability axis: logit P(right) = level + slope × easiness. */
interface Reference {
  readonly level: number
  readonly slope: number
}

/** A fitted model laid out for scoring. */
export interface Layout {
  readonly panel: Panel
  readonly centres: Centres
  readonly idf: Float32Array
  readonly rbf: Float32Array
  readonly bagGain: Float32Array
  readonly scalars: ExamScalars
  readonly axis: { readonly strong: Reference; readonly weak: Reference }
  readonly kindsBias: Float32Array
  /** In the order of EXPERTS. */
  readonly experts: readonly ExpertLayout[]
  /** The correction learned from the user's own calls, or null. */
  readonly home: { readonly bag: Float32Array; readonly offset: number } | null
}

const laid = new WeakMap<Vectors, Layout>()

/** The layout of a fitted model, made at its first use. */
export function layOut(vectors: Vectors): Layout {
  return entry(laid, vectors, make)
}

function make(vectors: Vectors): Layout {
  const v = (name: string): Float32Array => vectors[name]!
  const none = new Float32Array(HAND_WEIGHTS.length)
  const own = ['exam.gain', 'answer.gain', 'exam.robust', 'answer.robust', 'exam.fail', 'exam.axis'].map(v)
  const columns = [
    ...split(v('project'), PROJECTED),
    HAND_WEIGHTS,
    ...own,
    vectors['home.dense'] ?? none,
    ...split(v('kinds'), KINDS.length),
  ]
  return {
    panel: layPanel(v('mu.exam'), v('sd.exam'), columns),
    centres: layCentres(v('centres')),
    idf: v('idf'),
    rbf: v('rbf.gain'),
    bagGain: v('bag.gain'),
    scalars: nameScalars(v('exam.scalars')),
    axis: { strong: referenceAt(v('axis.scalars'), 0), weak: referenceAt(v('axis.scalars'), 2) },
    kindsBias: v('kinds.scalars'),
    experts: EXPERTS.map((kind) => layExpert(vectors, kind)),
    home: vectors['home.dense'] === undefined ? null : { bag: v('home.bag'), offset: v('home.scalars')[0]! },
  }
}

function nameScalars(values: Float32Array): ExamScalars {
  return Object.fromEntries(EXAM_SCALARS.map((name, i) => [name, values[i]!])) as ExamScalars
}

function referenceAt(scalars: Float32Array, at: number): Reference {
  return { level: scalars[at]!, slope: scalars[at + 1]! }
}

function layExpert(vectors: Vectors, kind: Kind): ExpertLayout {
  const v = (name: string): Float32Array => vectors[`${kind}.${name}`]!
  const worth = vectors[`${kind}.tasks.scalars`] ?? new Float32Array(0)
  const count = worth.length / 3
  const tasks = count === 0 ? [] : split(v('tasks'), count)
  return {
    panel: layPanel(vectors[`mu.${kind}`]!, vectors[`sd.${kind}`]!, [v('gain'), v('fail'), ...tasks]),
    bagGain: vectors[`bag.${kind}.gain`] ?? null,
    bagFail: vectors[`bag.${kind}.fail`]!,
    gainBias: v('scalars')[0]!,
    failBias: v('scalars')[1]!,
    tasks: { bias: worth.subarray(0, count), gain: worth.subarray(count, 2 * count), fail: worth.subarray(2 * count) },
  }
}

function split(matrix: Float32Array, rows: number): readonly Float32Array[] {
  const width = matrix.length / rows
  return Array.from({ length: rows }, (_, r) => matrix.subarray(r * width, (r + 1) * width))
}
