import type { Ability, ModelRev } from '../../catalog/types.js'
import type { Complexity, Signals, Task } from '../../classify/types.js'
import type { ModelState } from '../types.js'
import { type Learned, priorTtftUs, priorUsPerToken, sizeOf } from './learn.js'
import { priorOutput } from './output-prior.js'
import { cellOf, posterior } from './quality.js'
import { correctionOf } from './residuals.js'

/** A model of the pool as it is now: its revision, its health, and the catalog's ability for the kind of work at hand. */
export interface PoolEntry {
  readonly rev: ModelRev
  readonly breaker: ModelState['breaker']
  readonly quotaLeft: number | null
  readonly ability: Ability
}

function round6(x: number): number {
  return Math.round(x * 1e6) / 1e6 + 0
}

/**
 * What is expected of each model for this request: catalog priors corrected by what was learned. Times are whole microseconds and everything
 * else is rounded to 1e-6, so that the record of a decision is small and exact.
 */
export function modelStates(learned: Learned, signals: Signals, pool: readonly PoolEntry[]): ModelState[] {
  const { task, complexity, inputTokens } = signals
  const size = sizeOf(inputTokens)
  const cell = cellOf(task, complexity)
  const taskFactor = correctionOf(learned.taskOutput, [task], 'amount')
  const later = signals.tools.count > 0 ? 'agent-step' : 'question'
  const laterFactor = correctionOf(learned.taskOutput, [later], 'amount')
  return pool.map(({ rev, breaker, quotaLeft, ability }) => {
    const path = [rev.provider, rev.id]
    const outOf = (t: Task, c: Complexity, factor: number) =>
      Math.max(1, Math.round(priorOutput(t, c, rev) * Math.exp(factor + correctionOf(learned.modelOutput, [...path, t], 'amount'))))
    const { ability: mean, sd } = posterior(learned.quality, rev.id, cell, ability)
    return {
      rev,
      breaker,
      quotaLeft: quotaLeft === null ? null : round6(quotaLeft),
      ttftUs: Math.round(priorTtftUs(rev, inputTokens) * Math.exp(correctionOf(learned.ttft, [...path, size], 'log-ratio'))),
      usPerToken: Math.round(priorUsPerToken(rev) * Math.exp(correctionOf(learned.pace, path, 'log-ratio'))),
      tokenizerRatio: round6(rev.tokenizerRatio * Math.exp(correctionOf(learned.tokenizer, path, 'amount'))),
      expectedOut: outOf(task, complexity, taskFactor),
      laterOut: outOf(later, 'medium', laterFactor),
      ability: round6(mean),
      abilitySd: round6(sd),
    }
  })
}
