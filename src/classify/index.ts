/**
 * Says what a request needs: task, complexity, difficulty, needs, trajectory and tokens, locally and purely, from what the
 * person typed and the session's course. It refuses to judge by the size of the envelope, to call anything, and to remember.
 */

export { classifierHash } from './classifier-hash.js'
export { type ClassifyOptions, classify } from './classify.js'
export { CHEAP_ABILITY } from './difficulty.js'
export { needs } from './needs.js'
export { sideKind } from './side-call.js'
export { envelopeTokens, estimateTokens, messageTokens, toolTokens } from './tokens.js'
export { readTrajectory } from './trajectory.js'
export { personText, readTurn, type Turn } from './turn.js'
export * from './types.js'
