/**
 * Fits the difficulty model: from labelled questions, or as a correction from the user's own calls. It refuses to replace weights that do
 * better on held-out calls, and never learns from calls the user excluded.
 */
export {
  type Comparison,
  type DifficultyResult,
  type GainResult,
  measureDifficulty,
  measureGain,
  select,
  selectPooled,
} from './evaluate.js'
export { fitVectors } from './fit.js'
export { fitScales } from './fit-scales.js'
export {
  examplesPath,
  type Home,
  readHome,
  readUserExamples,
  readUserWeights,
  replaceUserWeights,
  undoUserWeights,
  writeUserExamples,
} from './home/home-files.js'
export { type HomeRow, homeRowsOf, labelCall, signsOfReply } from './home/home-row.js'
export { readHomeRows } from './home/read-home-rows.js'
export { type RefitResult, refit, withoutHome } from './home/refit.js'
export { type LabelledRow, readLabelledRows } from './labelled-rows.js'
export { labelRows } from './labels.js'
export { apgr, apgrInterval, auc, calibration, type Ranked } from './metrics.js'
export { clusterNearDuplicates } from './near-duplicates.js'
export { foldsByHash, scoreOutOfFold } from './out-of-fold.js'
export { prepare, train } from './train.js'
