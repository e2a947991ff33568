/**
 * Fits the difficulty model: anew on labelled questions, or at home on what became of the user's own calls. It refuses to
 * replace weights that do better on calls held out, and never learns from calls the user excluded.
 */
export { type Comparison, compareWeights } from './compare-weights.js'
export type { Labelled } from './design.js'
export {
  type DifficultyResult,
  type GainResult,
  measureDifficulty,
  measureGain,
  type Selection,
  select,
  selectPooled,
  verdictOf,
} from './evaluate.js'
export { fitVectors } from './fit.js'
export { fitScales } from './fit-scales.js'
export { foldOfSource, foldsByFamily, foldsByHash, foldsBySubject } from './folds.js'
export { examplesPath, readUserExamples, writeUserExamples } from './home/examples-store.js'
export { type HomeRow, labelCall } from './home/home-row.js'
export { homeRowsOf } from './home/label-rows.js'
export { type Home, readHome } from './home/read-home.js'
export { type HomeSource, readHomeRows } from './home/read-home-rows.js'
export { type RefitResult, refit, withoutHome } from './home/refit.js'
export { SIGNS, type Sign, signsOfNext, signsOfReply } from './home/signs.js'
export { readUserWeights, replaceUserWeights, undoUserWeights } from './home/weights-store.js'
export { type LabelledRow, readLabelledRows } from './labelled-rows.js'
export { type Labels, labelRows } from './labels.js'
export { apgr, apgrInterval, auc, type Calibration, calibration, type Ranked } from './metrics.js'
export { clusterNearDuplicates } from './near-duplicates.js'
export { type Fold, scoreOutOfFold, scoreRow } from './out-of-fold.js'
export { prepare, type TrainOptions, type TrainResult, train } from './train.js'
