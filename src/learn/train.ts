import { encodeWeights, FEATURES_DIGEST, type Vectors } from '../classify/index.js'
import { buildDesign, type Labelled } from './design.js'
import { compareWeights, measureDifficulty, measureGain, select, selectPooled } from './evaluate.js'
import { fitVectors } from './fit.js'
import { fitScales } from './fit-scales.js'
import type { LabelledRow } from './labelled-rows.js'
import { labelRows } from './labels.js'
import { clusterNearDuplicates } from './near-duplicates.js'
import { foldsByHash, scoreOutOfFold } from './out-of-fold.js'

interface TrainOptions {
  readonly rows: readonly LabelledRow[]
  /** The weights in use, which the new ones are measured against. */
  readonly present: Vectors
  readonly seed?: number
  /** Called with a word on each stage. */
  readonly progress?: (stage: string) => void
}

/** Fits the whole model on labelled questions. The same data and seed give the same bytes. */
export function train(options: TrainOptions) {
  const seed = options.seed ?? 1
  const progress = options.progress ?? (() => {})
  const data = prepare(options.rows)
  const clusters = clusterNearDuplicates(data.rows)
  const parts = scoreOutOfFold(data, clusters, foldsByHash(data, clusters), seed, (fold) => progress(fold.name))
  const scales = fitScales(data, parts)
  progress('fitting on all rows')
  const vectors: Vectors = { ...fitVectors(data, Int32Array.from(data.rows.keys()), seed), ...scales }
  const sources = [...new Set(data.rows.map((row) => row.source))]
  const sets = sources.map((source) => select(data, source, (row) => data.rows[row]?.source === source))
  const pooled = selectPooled(data)
  return {
    /** The weights file; `loadWeights` of classify reads it. */
    bytes: encodeWeights(vectors, FEATURES_DIGEST),
    /** Against the weights in use, on questions that the new ones had not seen; the old ones may have. */
    comparison: compareWeights(data, options.present, parts, scales),
    rows: data.rows.length,
    /** Out of fold, five folds by hash of the prompt, near duplicates kept together. */
    gain: [...sets, pooled].filter((set) => set.rows.length > 0).map((set) => measureGain(data, set, parts, scales)),
    difficulty: sets.map((set) => measureDifficulty(data, set, parts, scales)),
  }
}

export function prepare(rows: readonly LabelledRow[]): Labelled {
  return { rows, labels: labelRows(rows), design: buildDesign(rows) }
}
