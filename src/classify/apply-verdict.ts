import { CHEAP_ABILITY } from './difficulty.js'
import type { Complexity, Signals, Task } from './types.js'

/** Probability that a cheap model fails, as somebody who only says simple, medium or complex means it. */
const MEANT: Readonly<Record<Complexity, number>> = { simple: 0.15, medium: 0.45, complex: 0.75 }

/**
 * Signals with the word of somebody asked: a classifying model, or the nearest examples. `weight` is how far its word counts
 * against the local one (0 to 1); the answer is kept under `name` in `remote`, so that the decision can be made again.
 */
export function applyVerdict(
  signals: Signals,
  name: string,
  verdict: { readonly task: Task; readonly complexity: Complexity },
  weight: number,
): Signals {
  const own = Math.log(signals.difficulty.p / (1 - signals.difficulty.p))
  const said = Math.log(MEANT[verdict.complexity] / (1 - MEANT[verdict.complexity]))
  const logit = (1 - weight) * own + weight * said
  const p = Math.round(1e6 / (1 + Math.exp(-logit))) / 1e6
  return {
    ...signals,
    task: weight >= 0.5 ? verdict.task : signals.task,
    complexity: weight >= 0.5 ? verdict.complexity : signals.complexity,
    difficulty: { p, logit: Math.round((CHEAP_ABILITY + logit) * 1e6) / 1e6, sd: signals.difficulty.sd },
    remote: { ...signals.remote, [name]: { ...verdict, weight } },
  }
}
