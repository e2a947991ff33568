/**
 * Sends a logged call's request to a model again, has both answers judged, and records it as a call that is not traffic. It chooses no
 * calls and estimates nothing: `simulate` draws the sample and interprets it.
 */
export { createVerifier, type Verifier } from './create-verifier.js'
