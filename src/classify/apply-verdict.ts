import { CHEAP_ABILITY } from './difficulty.js'
import type { Complexity, Signals, Task } from './types.js'

/** Probability that a cheap model fails, for an answer that is only simple, medium or complex. */
const MEANT: Readonly<Record<Complexity, number>> = { simple: 0.15, medium: 0.45, complex: 0.75 }

/**
 * Signals combined with another opinion: a classifying model's, or that of the nearest examples. `weight` is how much it counts against the
 * local verdict (0 to 1); the answer is stored under `name` in `remote`, so that the decision can be repeated.
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
