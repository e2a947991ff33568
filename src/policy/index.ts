/**
 * Decides which model serves a call and keeps the state that such decisions depend on. It takes time, health, caches and draws as
 * arguments: it reads no clock, does no I/O, and draws no random number.
 */
export { leftOf, upperBound } from './budget.js'
export { decide, moveLadder } from './decide.js'
export { durationMs } from './duration.js'
export { cacheable, type ExpectedCost, expectedCost, type Outlook } from './expect-cost.js'
export { hashModelRev, hashPolicy } from './hash-policy.js'
export { inHours, inRange, matches } from './match-rule.js'
export { noCandidate } from './no-candidate.js'
export { outlookOf } from './outlook.js'
export * from './presets.js'
export { stepLadder, troublePoints } from './step-ladder.js'
export * from './types.js'
export { isPassing } from './veto.js'
