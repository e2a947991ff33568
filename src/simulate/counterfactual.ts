import { totalInput } from '../canonical/index.js'
import { costOf } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplaySettled } from '../ledger/index.js'
import { type DecideInput, type Endogenous, expectedCost, type ModelState, type Plan, type Step } from '../policy/index.js'
import { usageOf } from './check-call.js'
import type { Drift } from './history-drift.js'
import type { Behaviour } from './measure-models.js'
import { lastServed, stateOf } from './served.js'

/** What one call would have come to under another plan. */
export interface Counterfactual {
  /** Model that would have answered; null when nothing could. */
  readonly model: string | null
  /** Null when unpriced. */
  readonly cost: Nano | null
  /** The part of it that rests on a substituted output length. */
  readonly outputCost: Nano
  readonly latencyMs: number | null
  readonly quality: number | null
  /** True when everything is as recorded: the same model with its cache in the same state. */
  readonly exact: boolean
  /** Reference tokens by which the answer would have been longer. */
  readonly longer: number
}

/** What was measured of a call, in units that do not depend on the model that answered it. */
interface Measured {
  readonly attempt: AttemptRow
  readonly state: ModelState
  /** Prompt tokens in the reference tokenizer. */
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface Alike {
  /** The call as it was decided, and as it would have been. */
  readonly recorded: DecideInput
  readonly input: DecideInput
  readonly plan: Plan
  readonly settled: ReplaySettled
  readonly behaviour: Behaviour
  /** How much longer the conversation would have been. */
  readonly drift: Drift
}

/**
 * The call under another plan. The model that would have answered is the first of the chain that did not fail in the record. Where that is the
 * recorded one and its cache would have been as warm, all is as recorded; otherwise tokens are substituted: the prompt by the tokenizers'
 * ratio and the drift of the conversation, the output by the models' measured verbosity for the task, cached tokens by the replayed cache.
 */
export function counterfactual(call: Alike): Counterfactual {
  const { recorded, input, plan, settled, drift } = call
  const measured = measuredOf(settled, recorded)
  if (measured === null) return asRecorded(settled, settled.model, null)
  const step = answering(plan, settled)
  const state = step === null ? undefined : stateOf(input, step.model)
  if (step === null || state === undefined) return { ...asRecorded(settled, null, 0), cost: 0, latencyMs: null, exact: false }
  const stays = step.model === settled.model
  if (stays && drift.tokens === 0 && state.rev === measured.state.rev && isSameWarmth(input.endogenous, recorded.endogenous, step.model)) {
    return asRecorded(settled, step.model, step.quality)
  }
  const output = stays ? measured.outputTokens : substitutedOutput(call, measured, state)
  const cost = substitutedCost(call, measured, state, output)
  const rate = state.rev.rates?.output ?? 0
  return {
    model: step.model,
    cost,
    outputCost: stays ? 0 : Math.round((output * rate) / 1000),
    latencyMs: stays || settled.latencyMs === null ? settled.latencyMs : substitutedLatency(settled.latencyMs, measured, state, output),
    quality: step.quality,
    exact: false,
    longer: stays ? 0 : output / state.tokenizerRatio - measured.outputTokens / measured.state.tokenizerRatio,
  }
}

function asRecorded(settled: ReplaySettled, model: string | null, quality: number | null): Counterfactual {
  return { model, cost: settled.costNano, outputCost: 0, latencyMs: settled.latencyMs, quality, exact: true, longer: 0 }
}

function measuredOf(settled: ReplaySettled, recorded: DecideInput): Measured | null {
  const attempt = lastServed(settled)
  const state = settled.model === null ? undefined : stateOf(recorded, settled.model)
  if (attempt === undefined || state === undefined || attempt.outputTokens === null) return null
  const prompt = totalInput(usageOf(attempt))
  const inputTokens = prompt === null ? recorded.signals.inputTokens : prompt / state.tokenizerRatio
  return { attempt, state, inputTokens, outputTokens: attempt.outputTokens }
}

/** The first of the chain that did not fail in the record; the last one when all did. */
function answering(plan: Plan, settled: ReplaySettled): Step | null {
  let last: Step | null = null
  for (let i = 0; i < plan.chain; i++) {
    const step = plan.steps[i]
    if (step === undefined) break
    last = step
    const failed = step.model !== settled.model && settled.attempts.some((a) => a.purpose === 'serve' && a.model === step.model)
    if (!failed) break
  }
  return last
}

function substitutedOutput({ input, behaviour }: Alike, { state: from, outputTokens }: Measured, to: ModelState): number {
  const { task } = input.signals
  const scaled = (outputTokens * behaviour.verbosity(to.rev.id, task)) / behaviour.verbosity(from.rev.id, task)
  return Math.min(Math.max(1, Math.round(scaled)), input.limit ?? Number.POSITIVE_INFINITY, to.rev.maxOutput ?? Number.POSITIVE_INFINITY)
}

/** The recorded call's other attempts (those that failed and may have been billed, a judge) stay with a call that stays with its model. */
function substitutedCost({ input, settled, drift, behaviour }: Alike, measured: Measured, state: ModelState, output: number): Nano | null {
  const { endogenous, atMs, cacheMarks } = input
  const found = endogenous.warm.find((w) => w.model === state.rev.id && w.account === state.rev.account)
  const tokens = found === undefined ? 0 : Math.max(0, Math.round(found.tokens + drift.at(found.prefix)))
  const warm = found === undefined ? null : { ...found, tokens, hit: behaviour.cacheHit(state.rev.id) }
  const prompt = Math.max(1, Math.round(measured.inputTokens + drift.tokens))
  const { cost } = expectedCost(state, output, warm, atMs, { inputTokens: prompt, turnsLeft: 0, growth: 0, cacheAware: true, cacheMarks })
  if (cost === null || state.rev.id !== measured.state.rev.id || settled.costNano === null) return cost
  const served = costOf(usageOf(measured.attempt), measured.state.rev.rates)
  return served === null ? cost : settled.costNano - served + cost
}

/** Time expected of the model, times how the recorded call did against what was expected of its own: the spread of real times is kept. */
function substitutedLatency(actualMs: number, { state: from, outputTokens }: Measured, to: ModelState, output: number): number {
  const residual = (actualMs * 1000) / Math.max(1000, from.ttftUs + from.usPerToken * outputTokens)
  return ((to.ttftUs + to.usPerToken * output) * Math.min(10, Math.max(0.1, residual))) / 1000
}

function isSameWarmth(a: Endogenous, b: Endogenous, model: string): boolean {
  const of = (e: Endogenous) => e.warm.find((w) => w.model === model)
  const x = of(a)
  const y = of(b)
  return x === undefined || y === undefined ? x === y : x.prefix === y.prefix
}
