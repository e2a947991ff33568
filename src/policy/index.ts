/**
 * Decides which model serves a call and keeps the state that such decisions depend on. It takes time, health, caches and draws as
 * arguments: it reads no clock, does no I/O, and draws no random number.
 */
export { leftOf, PROMPT_MARGIN, reservationOf, upperBound } from './budget.js'
export { decodeInput, decodeWarm, encodeInput, type Tables } from './codec/input.js'
export { decodePlan, encodePlan, isSamePlan } from './codec/plan.js'
export { decodeSignals, encodeSignals } from './codec/signals.js'
export { stateHash } from './codec/state-hash.js'
export { waitOf } from './deadline.js'
export { decide, decidePlain } from './decide.js'
export { durationMs } from './duration.js'
export { expectedOutput, predictQuality, warmAt } from './estimate.js'
export { cacheable, expectedCost, outlookOf, PRIOR_HIT } from './expect-cost.js'
export { type CacheLine, type CandidateExplained, explainPlan } from './explain.js'
export type { Flip } from './find-flip.js'
export { fitsSchema } from './judge/fits-schema.js'
export { judgeAnswer } from './judge/judge-answer.js'
export { comparePrompt, judgePrompt, LONGEST_EXCERPT, readGrade, readPreference, verdictOf } from './judge/judge-prompts.js'
export { stepLadder, troublePoints } from './ladder.js'
export {
  type AttemptSeen,
  copyExpectations,
  emptyLearned,
  type LearnEvent,
  type Learned,
  learn,
  sizeOf,
} from './learn/learn.js'
export {
  correction,
  LATER_COMPLEXITY,
  laterTask,
  modelStates,
  type PoolEntry,
  writtenTask,
} from './learn/model-states.js'
export { LEAST_SE, posterior } from './learn/quality.js'
export { noCandidate } from './no-candidate.js'
export * from './presets.js'
export { armDraw } from './resolve-route.js'
export { shadowOf } from './shadow.js'
export { budgetScope } from './state/budgets.js'
export { endogenousOf, type StateQuery } from './state/endogenous.js'
export * from './state/events.js'
export { fold } from './state/fold.js'
export { loadState, saveState } from './state/save-state.js'
export { emptyState, type State } from './state/state.js'
export { readSwitch } from './switch-prefix.js'
export * from './types.js'
export { writeReason } from './write-reason.js'
