export { combine, domainScore, priorScore, putOnScale, SCALED, type Scaled, type Verdict } from './combine.js'
export { HAND_WEIGHTS } from './hand-prior.js'
export {
  ANSWER_SCALE,
  BAG_SCALE,
  DENSE_SCALE,
  EXPERTS,
  KINDS,
  type Kind,
  type Parts,
  PROJECTED,
  RBF_SCALE,
  radial,
  scoreParts,
  standardise,
  weighBag,
} from './score.js'
export { decodeWeights, encodeWeights, type Vectors } from './weights-file.js'
