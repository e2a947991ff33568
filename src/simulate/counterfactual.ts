import { totalInput } from '../canonical/index.js'
import { costOf } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplaySettled } from '../ledger/index.js'
import { type DecideInput, type Endogenous, expectedCost, type ModelState, type Plan, type Step } from '../policy/index.js'
import { usageOf } from './check-call.js'

/** What one call would have come to under another plan. */
export interface Counterfactual {
  /** Model that would have answered; null when nothing could. */
  readonly model: string | null
  /** Null when unpriced. */
  readonly cost: Nano | null
  readonly latencyMs: number | null
  readonly quality: number | null
  /** True when everything is as recorded: the same model with its cache in the same state. */
  readonly exact: boolean
}

/** What was measured of a call, in units that do not depend on the model that answered it. */
interface Measured {
  readonly model: string
  readonly attempt: AttemptRow
  /** Prompt tokens in the reference tokenizer. */
  readonly inputTokens: number
  readonly outputTokens: number
}

function measuredOf(settled: ReplaySettled, input: DecideInput): Measured | null {
  const { model } = settled
  const attempt = settled.attempts.filter((a) => a.purpose === 'serve').at(-1)
  if (model === null || attempt === undefined || attempt.outputTokens === null) return null
  const state = stateOf(input, model)
  const prompt = totalInput(usageOf(attempt))
  const ratio = state?.tokenizerRatio ?? 1
  const inputTokens = prompt === null ? input.signals.inputTokens : Math.round(prompt / ratio)
  return { model, attempt, inputTokens, outputTokens: attempt.outputTokens }
}

/**
 * The call under another plan. The model that would have answered is the first of the chain that did not fail in the record. Where that is the
 * recorded one and its cache would have been as warm, all is as recorded; otherwise tokens are substituted: the prompt by the tokenizers'
 * ratio, the output by the ratio of what the two models are expected to write for this task, cached tokens by the replayed cache.
 */
export function counterfactual(input: DecideInput, plan: Plan, recorded: DecideInput, settled: ReplaySettled): Counterfactual {
  const measured = measuredOf(settled, recorded)
  const step = answering(plan, settled)
  if (measured === null) return { model: settled.model, cost: settled.costNano, latencyMs: settled.latencyMs, quality: null, exact: true }
  if (step === null) return { model: null, cost: 0, latencyMs: null, quality: 0, exact: false }
  const state = stateOf(input, step.model)
  if (state === undefined) return { model: step.model, cost: null, latencyMs: null, quality: null, exact: false }
  const isSame = step.model === measured.model
  const from = stateOf(recorded, measured.model)
  if (isSame && state.rev === from?.rev && isSameWarmth(input.endogenous, recorded.endogenous, step.model)) {
    return { model: step.model, cost: settled.costNano, latencyMs: settled.latencyMs, quality: step.quality, exact: true }
  }
  const output = isSame || from === undefined ? measured.outputTokens : substituted(measured.outputTokens, from, state, input.limit)
  return {
    model: step.model,
    cost: substitutedCost(input, state, measured, output, settled, isSame ? from : undefined),
    latencyMs: isSame ? settled.latencyMs : (state.ttftUs + state.usPerToken * output) / 1000,
    quality: step.quality,
    exact: false,
  }
}

/** The first of the chain that did not fail in the record; the last one when all did. */
function answering(plan: Plan, settled: ReplaySettled): Step | null {
  const failed = new Set(settled.attempts.filter((a) => a.purpose === 'serve' && a.model !== settled.model).map((a) => a.model))
  const chain = plan.steps.slice(0, plan.chain)
  return chain.find((s) => !failed.has(s.model)) ?? chain.at(-1) ?? null
}

function substituted(tokens: number, from: ModelState, to: ModelState, limit: number | null): number {
  const scaled = Math.max(1, Math.round((tokens * to.expectedOut) / Math.max(1, from.expectedOut)))
  const most = Math.min(limit ?? Number.POSITIVE_INFINITY, to.rev.maxOutput ?? Number.POSITIVE_INFINITY)
  return Math.min(scaled, most)
}

/** Failed attempts of models outside the new choice cost nothing here; the recorded ones that may have been billed are kept. */
function substitutedCost(
  input: DecideInput,
  state: ModelState,
  measured: Measured,
  output: number,
  settled: ReplaySettled,
  /** The recorded state of the model when it stays: the other attempts of the call stay with it. */
  stays: ModelState | undefined,
): Nano | null {
  const warm = warmAt(input.endogenous, state)
  const { cost } = expectedCost(state, output, warm, input.atMs, {
    inputTokens: measured.inputTokens,
    turnsLeft: 0,
    growth: 0,
    cacheAware: true,
    cacheMarks: input.cacheMarks,
  })
  if (cost === null || stays === undefined) return cost
  const served = costOf(usageOf(measured.attempt), stays.rev.rates)
  return served === null || settled.costNano === null ? cost : settled.costNano - served + cost
}

function isSameWarmth(a: Endogenous, b: Endogenous, model: string): boolean {
  const of = (e: Endogenous) => e.warm.find((w) => w.model === model)
  const x = of(a)
  const y = of(b)
  return x === undefined || y === undefined ? x === y : x.prefix === y.prefix
}

function warmAt(endogenous: Endogenous, { rev }: ModelState) {
  return endogenous.warm.find((w) => w.model === rev.id && w.account === rev.account) ?? null
}

export function stateOf(input: DecideInput, model: string): ModelState | undefined {
  return input.models.find((m) => m.rev.id === model)
}
