import { fingerprint } from '../kit/index.js'
import { FEATURE_NAMES } from './features/index.js'
import { decodeWeights, type Vectors } from './model/weights-file.js'
import { WEIGHTS } from './weights.data.js'

/** Incremented whenever the rules may judge some request differently. */
const RULES = 5

/** Fitted weights with the rules around them; `hash` is what calls record. */
export interface Classifier {
  readonly vectors: Vectors
  readonly hash: string
}

/** Names the dense features that weights were fitted for. */
export const FEATURES_DIGEST = fingerprint(FEATURE_NAMES)

/** A classifier from the bytes of a weights file; E_UNPROCESSABLE when it is none, or was fitted for other features. */
export function loadWeights(bytes: Uint8Array): Classifier {
  return { vectors: decodeWeights(bytes, FEATURES_DIGEST), hash: hashOf(bytes) }
}

/** The weights that ship with llmroute. */
export function shippedWeights(): Uint8Array {
  return Buffer.from(WEIGHTS, 'base64')
}

let shipped: Classifier | undefined

/** Decoded at first use, so that a program that never classifies pays nothing. */
export function shippedClassifier(): Classifier {
  shipped ??= loadWeights(shippedWeights())
  return shipped
}

/** Names the rules and the shipped weights; a call judged with other weights records their classifier's own hash. */
export const classifierHash: string = hashOf(shippedWeights())

function hashOf(bytes: Uint8Array): string {
  return fingerprint([String(RULES), FEATURES_DIGEST, bytesDigest(bytes)])
}

function bytesDigest(bytes: Uint8Array): string {
  let a = 0x811c9dc5
  for (const byte of bytes) a = Math.imul(a ^ byte, 16777619)
  return (a >>> 0).toString(16)
}
