/**
 * Replays logged calls under another policy and estimates, with intervals, what it would have cost. It sends nothing: what the log does not
 * contain is estimated and marked as estimated, and the log's own decisions are repeated as a check.
 */
export {
  type Alternative,
  asLogged,
  withModel,
  withModels,
  withoutProviders,
  withPolicies,
  withPreset,
  withPrice,
  withStrategy,
} from './alternatives.js'
export { type Forecast, forecast } from './forecast.js'
export { modelsLogged } from './logged-call.js'
export type { ChangedCall, TaskShift } from './movers.js'
export type { OffPolicy } from './off-policy.js'
export type { Errors, Simulation } from './result.js'
export { type SimulateOptions, simulate } from './simulate.js'
export { simulateInThreads } from './simulate-in-threads.js'
export { checkedJson, diffJson, forecastJson, simulationJson, suggestionJson, sweepJson } from './simulation-json.js'
export { newPrices, rankSuggestions, type Suggestion, worthTrying } from './suggest.js'
export { type Sweep, type SweepPoint, sweepAlternatives, sweepOf } from './sweep.js'
export type { Baseline, Estimate, Excluded, GroupShift, ModelShift } from './types.js'
export { type Checked, correctEstimate } from './verify/correct-estimate.js'
export { drawAffordable, drawSample } from './verify/draw-sample.js'
export { runSample, type SampleRun } from './verify/run-sample.js'
export type { CallToCheck, Rerun, Sample } from './verify/types.js'
export { type SimulatedChanges, simulateChanges } from './verify/watch-changes.js'
export { withDeadline } from './with-deadline.js'
