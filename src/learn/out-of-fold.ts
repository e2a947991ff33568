import { BUCKETS, FEATURE_NAMES, type Features, type Parts, scoreParts, type Vectors } from '../classify/index.js'
import { hashText } from '../kit/index.js'
import type { Design, Labelled } from './design.js'
import { fitVectors } from './fit.js'

const D = FEATURE_NAMES.length
const touched = new Uint16Array(BUCKETS)
const count = new Uint16Array(BUCKETS)

/** Features of a row of the design, as a request's own would be. Valid until the next call. */
function featuresOfRow(design: Design, row: number): Features {
  const [from, to] = [design.start[row]!, design.start[row + 1]!]
  for (let k = from; k < to; k++) {
    touched[k - from] = design.bucket[k]!
    count[design.bucket[k]!] = design.count[k]!
  }
  return {
    dense: Array.from(design.dense.subarray(row * D, (row + 1) * D)),
    bag: { size: to - from, touched, count },
    endsInAnswer: design.answer[row] === 1,
  }
}

export function scoreRow(data: Labelled, vectors: Vectors, row: number): Parts {
  return scoreParts(featuresOfRow(data.design, row), vectors)
}

/** A fold: rows to score with a model that saw none of them, nor a near duplicate of one. */
export interface Fold {
  readonly name: string
  readonly test: Int32Array
}

const FOLDS = 5

/** Folds by a hash of the prompt that heads each near-duplicate cluster. */
export function foldsByHash({ rows }: Labelled, clusters: Int32Array): readonly Fold[] {
  const fold = Array.from(clusters, (head) => hashText((rows[head]?.prompt ?? '').toLowerCase().replace(/\s+/g, ' ').trim()) % FOLDS)
  return Array.from({ length: FOLDS }, (_, f) => ({
    name: `fold ${f + 1}`,
    test: Int32Array.from(clusters.keys()).filter((i) => fold[i] === f),
  }))
}

/** Parts of every row that some fold holds out; rows in no fold are undefined. */
export function scoreOutOfFold(
  data: Labelled,
  clusters: Int32Array,
  folds: readonly Fold[],
  seed: number,
  progress: (fold: Fold) => void = () => {},
): (Parts | undefined)[] {
  const parts: (Parts | undefined)[] = new Array(data.rows.length)
  for (const fold of folds) {
    const vectors = fitVectors(data, trainingSide(clusters, fold.test), seed)
    for (const i of fold.test) parts[i] = scoreRow(data, vectors, i)
    progress(fold)
  }
  return parts
}

function trainingSide(clusters: Int32Array, test: Int32Array): Int32Array {
  const held = new Set(Array.from(test, (i) => clusters[i]!))
  return Int32Array.from(clusters.keys()).filter((i) => !held.has(clusters[i]!))
}
