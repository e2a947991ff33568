import type { Target } from './codec.js'

/** Maximum tokens of an answer: what the model writes and what a budget leaves; infinite where neither is known. */
export function mostOutput({ accepts, clampOutput }: Target): number {
  return Math.min(accepts.maxOutput ?? Number.POSITIVE_INFINITY, clampOutput ?? Number.POSITIVE_INFINITY)
}
