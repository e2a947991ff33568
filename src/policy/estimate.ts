import type { ModelRev } from '../catalog/types.js'
import { type Candidate, LEAST_COST } from './candidate.js'
import { freeTimeUs } from './deadline.js'
import { expectedCost, type Outlook, outlookOf } from './expect-cost.js'
import type { DecideInput, ModelState, Scores, Warm } from './types.js'

const NO_SCORES: Scores = { cost: 0, quality: 0, latency: 0 }

/** Tokens the model will probably write: its prediction for the task, within the client's limit and its own. */
export function expectedOutput(state: ModelState, limit: number | null): number {
  let out = state.expectedOut
  if (limit !== null && limit < out) out = limit
  const most = state.rev.maxOutput
  return most !== null && most < out ? most : out
}

/** q = sigmoid(ability - difficulty), rounded to 1e-6. */
export function predictQuality(ability: number, difficulty: number): number {
  return Math.round(1e6 / (1 + Math.exp(difficulty - ability))) / 1e6
}

/** Time to first token plus output at the model's speed: integer microseconds, at least a millisecond. */
function predictLatency(state: ModelState, out: number): number {
  return Math.max(1000, Math.round(state.ttftUs + state.usPerToken * out))
}

/** The longest warm ancestor at this model, if any. */
export function warmAt(warm: readonly Warm[], { id, account }: Pick<ModelRev, 'id' | 'account'>): Warm | null {
  for (const w of warm) if (w.model === id && w.account === account) return w
  return null
}

/** Every configured model with its expected cost, latency and quality; nothing is ruled out yet. */
export function estimate(input: DecideInput, outlook: Outlook = outlookOf(input)): Candidate[] {
  const { models, endogenous, signals, limit, atMs } = input
  const difficulty = signals.difficulty.logit
  const free = freeTimeUs(input)
  const candidates: Candidate[] = []
  for (let index = 0; index < models.length; index++) {
    const state = models[index]!
    const out = expectedOutput(state, limit)
    const warm = warmAt(endogenous.warm, state.rev)
    const { cost, horizonCost } = expectedCost(state, out, warm, atMs, outlook)
    const comparedCost = horizonCost === null || horizonCost < LEAST_COST ? LEAST_COST : horizonCost
    const latencyUs = predictLatency(state, out)
    candidates.push({
      model: state.rev.id,
      index,
      state,
      out,
      cost,
      horizonCost,
      comparedCost,
      lnCost: Math.log(comparedCost),
      latencyUs,
      lnLatency: Math.log(Math.max(latencyUs, free)),
      quality: predictQuality(state.ability, difficulty),
      veto: null,
      compared: 0,
      group: 0,
      scores: NO_SCORES,
      score: 0,
      propensity: 0,
    })
  }
  return candidates
}
