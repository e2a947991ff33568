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

export interface ExpertLayout {
  /** Gain, failure, then each task of the kind. */
  readonly panel: Panel
  readonly bagGain: Float32Array | null
  /** Tasks that the kind is told into, and what each adds to gain and failure; none for a kind that is one. */
  readonly tasks: { readonly bias: Float32Array; readonly gain: Float32Array; readonly fail: Float32Array }
  readonly bagFail: Float32Array
  readonly scalars: Float32Array
}

/** A fitted model laid out for scoring. */
export interface Layout {
  readonly panel: Panel
  readonly centres: Centres
  readonly idf: Float32Array
  readonly rbf: Float32Array
  readonly bagGain: Float32Array
  readonly scalars: Float32Array
  readonly axisScalars: Float32Array
  readonly kindsBias: Float32Array
  /** In the order of EXPERTS. */
  readonly experts: readonly ExpertLayout[]
  /** What the user's own outcomes taught, or null. */
  readonly home: { readonly bag: Float32Array; readonly offset: number } | null
}

const laid = new WeakMap<Vectors, Layout>()

/** The layout of a fitted model, made at its first use. */
export function layOut(vectors: Vectors): Layout {
  let layout = laid.get(vectors)
  if (layout === undefined) {
    layout = make(vectors)
    laid.set(vectors, layout)
  }
  return layout
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
    scalars: v('exam.scalars'),
    axisScalars: v('axis.scalars'),
    kindsBias: v('kinds.scalars'),
    experts: EXPERTS.map((kind) => layExpert(vectors, kind)),
    home: vectors['home.dense'] === undefined ? null : { bag: v('home.bag'), offset: v('home.scalars')[0]! },
  }
}

function layExpert(vectors: Vectors, kind: Kind): ExpertLayout {
  const v = (name: string): Float32Array => vectors[`${kind}.${name}`]!
  const scalars = vectors[`${kind}.tasks.scalars`] ?? new Float32Array(0)
  const count = scalars.length / 3
  const tasks = count === 0 ? [] : split(v('tasks'), count)
  return {
    panel: layPanel(vectors[`mu.${kind}`]!, vectors[`sd.${kind}`]!, [v('gain'), v('fail'), ...tasks]),
    bagGain: vectors[`bag.${kind}.gain`] ?? null,
    tasks: { bias: scalars.subarray(0, count), gain: scalars.subarray(count, 2 * count), fail: scalars.subarray(2 * count) },
    bagFail: vectors[`bag.${kind}.fail`]!,
    scalars: v('scalars'),
  }
}

function split(matrix: Float32Array, rows: number): readonly Float32Array[] {
  const width = matrix.length / rows
  return Array.from({ length: rows }, (_, r) => matrix.subarray(r * width, (r + 1) * width))
}
