/**
 * Asks a model again what a logged call had asked, has both answers judged, and records it as a call that is no traffic. It chooses no calls and
 * estimates nothing: `simulate` draws the sample and says what it means.
 */
export { createVerifier, type Verifier, type VerifierTerms } from './create-verifier.js'
export type { VerifyOutcome, VerifyTask } from './types.js'
