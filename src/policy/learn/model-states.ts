import type { Ability, ModelRev } from '../../catalog/types.js'
import type { Complexity, Signals, Task } from '../../classify/types.js'
import { modelOf } from '../candidate.js'
import type { ModelState } from '../types.js'
import { type Learned, priorTtftUs, priorUsPerToken, sizeOf } from './learn.js'
import { priorOutput } from './output-prior.js'
import { cellOf, posterior } from './quality.js'
import { correctionOf } from './residuals.js'

/** A model of the pool at present: its revision, its health, and the catalog's ability for the kind of work at hand. */
export interface PoolEntry {
  readonly rev: ModelRev
  readonly breaker: ModelState['breaker']
  readonly quotaLeft: number | null
  readonly ability: Ability
}

function round6(x: number): number {
  return Math.round(x * 1e6) / 1e6 + 0
}

/** What was learned about models relative to the catalog's priors, as logarithms: 0 means the prior is right. */
export const correction = {
  /** Time to first token, for prompts of this many tokens. */
  ttft: ({ ttft }: Learned, { provider, id }: ModelRev, tokens: number) => correctionOf(ttft, [provider, id, sizeOf(tokens)]),
  /** Time per output token. */
  pace: ({ pace }: Learned, { provider, id }: ModelRev) => correctionOf(pace, [provider, id]),
  tokenizer: ({ tokenizer }: Learned, rev: ModelRev) => correctionOf(tokenizer, [rev.provider, modelOf(rev)]),
  /** Output tokens: what such a task takes of everyone, and of this model beyond that. */
  output: ({ taskOutput, modelOutput }: Learned, rev: ModelRev, task: Task, complexity: Complexity) =>
    correctionOf(taskOutput, [task, complexity]) + correctionOf(modelOutput, [rev.provider, modelOf(rev), task]),
}

/** The task that predicts the answer's length: in a tool loop it is a step, whatever the user has asked for. */
export function writtenTask({ task, trajectory }: Pick<Signals, 'task' | 'trajectory'>): Task {
  return trajectory.inToolLoop ? 'agent-step' : task
}

/** The signals of an ordinary later turn of such a session. */
export function laterTask({ tools }: Pick<Signals, 'tools'>): Task {
  return tools.count > 0 ? 'agent-step' : 'question'
}

export const LATER_COMPLEXITY: Complexity = 'medium'

/**
 * Expectations of each model for this request: catalog priors corrected by what was learned. Times are whole microseconds and everything
 * else is rounded to 1e-6, so that the record of a decision is small and exact.
 */
export function modelStates(learned: Learned, signals: Signals, pool: readonly PoolEntry[]): ModelState[] {
  const { task, complexity, inputTokens } = signals
  const cell = cellOf(task, complexity)
  const [written, later] = [writtenTask(signals), laterTask(signals)]
  const states: ModelState[] = []
  // Not with map(): see toSteps().
  for (const { rev, breaker, quotaLeft, ability } of pool) {
    const outOf = (t: Task, c: Complexity) =>
      Math.max(1, Math.round(priorOutput(t, c, rev) * Math.exp(correction.output(learned, rev, t, c))))
    const { ability: mean, sd } = posterior(learned.quality, modelOf(rev), cell, ability)
    states.push({
      rev,
      breaker,
      quotaLeft: quotaLeft === null ? null : round6(quotaLeft),
      ttftUs: Math.round(priorTtftUs(rev, inputTokens) * Math.exp(correction.ttft(learned, rev, inputTokens))),
      usPerToken: Math.round(priorUsPerToken(rev) * Math.exp(correction.pace(learned, rev))),
      tokenizerRatio: round6(rev.tokenizerRatio * Math.exp(correction.tokenizer(learned, rev))),
      expectedOut: outOf(written, complexity),
      laterOut: outOf(later, LATER_COMPLEXITY),
      ability: round6(mean),
      abilitySd: round6(sd),
    })
  }
  return states
}
