import { logit, sigmoid } from '../kit/index.js'
import type { AskedVerdict } from './ask-classifier.js'
import { CHEAP_ABILITY, type Complexity, type Signals } from './types.js'

/** Probability that a cheap model fails, for an answer that is only simple, medium or complex. */
const MEANT: Readonly<Record<Complexity, number>> = { simple: 0.15, medium: 0.45, complex: 0.75 }

/**
 * Signals combined with another opinion: a classifying model's, or that of the nearest examples. `weight` is how much it counts against the
 * local verdict (0 to 1); the answer is stored under `name` in `remote`, so that the decision can be repeated.
 */
export function applyVerdict(signals: Signals, name: string, verdict: AskedVerdict, weight: number): Signals {
  const both = (1 - weight) * logit(signals.difficulty.p) + weight * logit(MEANT[verdict.complexity])
  return {
    ...signals,
    task: weight >= 0.5 ? verdict.task : signals.task,
    complexity: weight >= 0.5 ? verdict.complexity : signals.complexity,
    difficulty: { p: round6(sigmoid(both)), logit: round6(CHEAP_ABILITY + both), sd: signals.difficulty.sd },
    remote: { ...signals.remote, [name]: { ...verdict, weight } },
  }
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
