/**
 * Says what a request needs: task, complexity, difficulty, needs, trajectory and tokens, locally and purely, from what the
 * person typed and the session's course. It refuses to judge by the size of the envelope, to call anything, and to remember.
 */

export { applyExamples, applyVerdict } from './apply-verdict.js'
export { type AskedVerdict, CLASSIFIER_MAX_TOKENS, classifierPrompt, isAmbiguous, parseClassifierReply } from './ask-classifier.js'
export { type Classifier, classifierHash, FEATURES_DIGEST, loadWeights, shippedClassifier, shippedWeights } from './classifier.js'
export { classify } from './classify.js'
export { leadingInstructions, readEnvelope, rememberEnvelopes } from './envelope.js'
export { estimateTokens } from './estimate-tokens.js'
export { addExample, formatExamples, parseExamples } from './example-lines.js'
export {
  type ExampleLibrary,
  embeddedLibrary,
  localLibrary,
  nearestExamples,
  testExamples,
  voteByExamples,
} from './examples.js'
export { BUCKETS, extractFeatures, FEATURE_NAMES, type Features } from './features/index.js'
export { judge } from './judge.js'
export { PROJECTED, radial } from './model/centres.js'
export { combine, domainScore, priorScore, SCALED, type Verdict } from './model/combine.js'
export { HAND_WEIGHTS } from './model/hand-prior.js'
export { EXAM_SCALARS, type ExamScalars } from './model/lay-out.js'
export { ANSWER_SCALE, BAG_SCALE, DENSE_SCALE, type Parts, RBF_SCALE, scoreParts, standardise } from './model/score.js'
export { EXPERTS, KINDS, type Kind } from './model/tell-kinds.js'
export { weighBag } from './model/weigh-bag.js'
export { decodeWeights, encodeWeights, type Vectors } from './model/weights-file.js'
export { readPrompt } from './read-prompt.js'
export { readShape } from './shape-prior.js'
export { type Example, SHIPPED_EXAMPLES } from './shipped-examples.js'
export { messageTokens, requestTokens } from './tokens.js'
export { readTrajectory } from './trajectory.js'
export { readTurn } from './turn.js'
export * from './types.js'
