import { totalInput } from '../canonical/index.js'
import { costOf, type ModelRev, withoutTier } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplaySettled } from '../ledger/index.js'
import {
  type AttemptSeen,
  cacheable,
  type DecideInput,
  type Endogenous,
  expectedCost,
  type ModelState,
  type Plan,
  type Step,
  type Warm,
  warmAt,
} from '../policy/index.js'
import type { Behaviour } from './behaviour.js'
import type { Drift } from './history-drift.js'
import { type LoggedCall, planOf } from './logged-call.js'
import { attemptSeen, expectedWarm, lastServed, stateOf, usageOf } from './served.js'
import { substitutedTime, type Time, type Work } from './substitute-time.js'

/** The result of one call under another plan. */
export interface Counterfactual {
  /** Model that would have answered; null when nothing could. */
  readonly model: string | null
  /** Null when unpriced. */
  readonly cost: Nano | null
  /** The parts of it that depend on a substituted output length, and on a substituted prompt. */
  readonly outputCost: Nano
  readonly promptCost: Nano
  /** What reading the cache is expected to save of it. */
  readonly cacheSaving: number
  /** Cached tokens that the provider would be expected to report; null when nothing is known to be warm. */
  readonly cacheRead: number | null
  /** Variance of that: a cache is found or not. */
  readonly cacheVariance: number
  readonly latencyMs: number | null
  readonly quality: number | null
  /** True when everything is as recorded: the same model with its cache in the same state. */
  readonly exact: boolean
  /** Reference tokens by which the answer would have been longer. */
  readonly longer: number
  /** What a router would have learned from it; null when that is what it did learn. */
  readonly seen: AttemptSeen | null
}

/** Measurements of a call, in units that do not depend on the model that answered it. */
interface Measured {
  readonly attempt: AttemptRow
  readonly state: ModelState
  /** Prompt tokens in the reference tokenizer. */
  readonly inputTokens: number
  /** The same relative to their estimate: cached tokens were estimated the same way. */
  readonly scale: number
  readonly outputTokens: number
}

export interface Alike {
  /** The call as it was decided, and as it would have been. */
  readonly logged: LoggedCall
  readonly input: DecideInput
  readonly plan: Plan
  readonly settled: ReplaySettled
  readonly behaviour: Behaviour
  /** How much longer the conversation would have been. */
  readonly drift: Drift
}

/**
 * The call under another plan. The model that would have answered is the first of the chain that the record did not walk past. If that is
 * the recorded one and its cache would have been as warm, everything is as recorded. Otherwise tokens are substituted: the prompt by the
 * tokenizers' ratio and the drift of the conversation, the output by the models' measured verbosity for the task, cached tokens by the
 * replayed cache.
 */
export function counterfactual(call: Alike): Counterfactual {
  const { logged, input, settled, drift, behaviour } = call
  const recorded = logged.input
  const measured = measuredOf(settled, recorded, behaviour)
  if (measured === null) return asRecorded(call, settled.model, null)
  const step = answering(call)
  const state = step === null ? undefined : stateOf(input, step.model)
  if (step === null || state === undefined) return { ...asRecorded(call, null, 0), cost: 0, latencyMs: null, exact: false, seen: null }
  const stays = step.model === settled.model
  const isSameService = state.rev.tier === measured.state.rev.tier
  if (stays && drift.tokens === 0 && isSameService && isSameWarmth(input.endogenous, recorded.endogenous, state.rev)) {
    return asRecorded(call, step.model, step.quality)
  }
  const output = stays ? measured.outputTokens : substitutedOutput(call, measured, state)
  const work = substitutedWork(call, measured, state, output)
  const { cost, cacheSaving, cacheRead, cacheVariance } = work
  const { attempt } = measured
  const fresh = Math.max(0, measured.inputTokens * behaviour.tokenizer(measured.state.rev.id) - (attempt.cacheReadTokens ?? 0))
  const time = substitutedTime(
    { attempt, latencyMs: settled.latencyMs, state: measured.state, output: measured.outputTokens, fresh },
    work,
    behaviour,
  )
  const outputCost = stays ? 0 : Math.round((output * (state.rev.rates?.output ?? 0)) / 1000)
  return {
    model: step.model,
    cost,
    outputCost,
    promptCost: stays || cost === null ? 0 : cost - outputCost,
    cacheSaving,
    cacheRead,
    cacheVariance,
    latencyMs: time.latencyMs,
    quality: step.quality,
    exact: false,
    longer: stays ? 0 : output * behaviour.kept(state.rev.id) - measured.outputTokens * behaviour.kept(measured.state.rev.id),
    seen: seenOf(call, measured, work, time),
  }
}

function asRecorded({ settled, logged, input }: Alike, model: string | null, quality: number | null): Counterfactual {
  return {
    model,
    cost: recordedCost(settled, logged.input, input),
    outputCost: 0,
    promptCost: 0,
    cacheSaving: 0,
    cacheRead: null,
    cacheVariance: 0,
    latencyMs: settled.latencyMs,
    quality,
    exact: true,
    longer: 0,
    seen: null,
  }
}

/** Cost of the recorded attempts, at the requested prices if those differ; null when one has none. */
function recordedCost({ costNano, attempts }: ReplaySettled, recorded: DecideInput, input: DecideInput): Nano | null {
  if (costNano === null || input.models === recorded.models) return costNano
  let cost: Nano = costNano
  for (const attempt of attempts) {
    const state = stateOf(input, attempt.model)
    const was = stateOf(recorded, attempt.model)
    const isRepriced = state !== undefined && state.rev.rates !== was?.rev.rates
    if (!isRepriced || attempt.purpose === 'shadow' || attempt.usageSource === 'none') continue
    const [before, now] = [was, state].map((s) => costOf(usageOf(attempt), s?.rev.rates ?? null))
    if (now == null) return null
    // A fast mode keeps its share of the price.
    const share = before && attempt.costNano ? attempt.costNano / before : 1
    cost += Math.round(now * share) - (attempt.costNano ?? 0)
  }
  return cost
}

function measuredOf(settled: ReplaySettled, recorded: DecideInput, behaviour: Behaviour): Measured | null {
  const attempt = lastServed(settled)
  const state = settled.model === null ? undefined : stateOf(recorded, settled.model)
  if (attempt === undefined || state === undefined || attempt.outputTokens === null) return null
  const prompt = totalInput(usageOf(attempt))
  const inputTokens = prompt === null ? recorded.signals.inputTokens : prompt / behaviour.tokenizer(state.rev.id)
  return { attempt, state, inputTokens, scale: inputTokens / Math.max(1, recorded.signals.inputTokens), outputTokens: attempt.outputTokens }
}

/**
 * The first of the chain that the record did not walk past; the last one when it did all. A line whose batch came to nothing was asked live:
 * the model without the tier of the chain.
 */
function answering(call: Alike): Step | null {
  const { plan, settled } = call
  let last: Step | null = null
  let live = false
  for (let i = 0; i < plan.chain; i++) {
    const step = plan.steps[i]
    if (step === undefined) break
    last = step
    if (!isWalkedPast(step.model, call)) return step
    live ||= withoutTier(step.model) === settled.model
  }
  return (live ? plan.steps.find((step) => step.model === settled.model) : undefined) ?? last
}

/** Whether the model failed in the record, or came before the one that answered and did not: its circuit had opened, or its batch expired. */
function isWalkedPast(model: string, { logged, settled }: Alike): boolean {
  if (model === settled.model) return false
  if (settled.attempts.some((a) => a.purpose === 'serve' && a.model === model)) return true
  if (logged.row.chosen === settled.model) return false
  const { steps, chain } = planOf(logged)
  const places = steps.slice(0, chain).map((step) => step.model)
  const answered = places.indexOf(settled.model ?? '')
  return places.includes(model) && (answered < 0 || places.indexOf(model) < answered)
}

function substitutedOutput({ input, behaviour }: Alike, { state: from, outputTokens }: Measured, to: ModelState): number {
  const { task } = input.signals
  const scaled = (outputTokens * behaviour.chance.answer() * behaviour.verbosity(to.rev.id, task)) / behaviour.verbosity(from.rev.id, task)
  return Math.min(Math.max(1, Math.round(scaled)), input.limit ?? Number.POSITIVE_INFINITY, to.rev.maxOutput ?? Number.POSITIVE_INFINITY)
}

/** What the model would have had to do, and its cost. Made for most calls of every policy, so it avoids spreading objects. */
interface Substituted extends Work {
  readonly cost: Nano | null
  readonly cacheSaving: number
  readonly cacheRead: number | null
  readonly cacheVariance: number
}

/** The recorded call's other attempts (those that failed and may have been billed, a judge) stay with a call that stays with its model. */
function substitutedWork(
  { logged, input, settled, drift, behaviour }: Alike,
  measured: Measured,
  recorded: ModelState,
  output: number,
): Substituted {
  const { endogenous, atMs, cacheMarks } = input
  const { id } = recorded.rev
  const state = { rev: recorded.rev, tokenizerRatio: behaviour.tokenizer(id) }
  const inputTokens = Math.max(1, Math.round(measured.inputTokens + drift.tokens * measured.scale))
  const outlook = { inputTokens, turnsLeft: 0, growth: 0, cacheAware: true, cacheMarks }
  const prompt = inputTokens * state.tokenizerRatio
  const cold = expectedCost(state, output, null, atMs, outlook).cost
  const found = logged.leaf === null ? asMuchAsRecorded(measured, behaviour) : warmAt(endogenous.warm, recorded.rev)
  const withOthers = (nano: Nano | null) => withOtherAttempts(nano, settled, measured, id)
  if (found === null || cold === null)
    return {
      state: recorded,
      output,
      prompt,
      warm: 0,
      hit: 0,
      cost: withOthers(cold),
      cacheSaving: 0,
      cacheRead: null,
      cacheVariance: 0,
    }
  const tokens = Math.round(found.tokens * measured.scale)
  // The same model at the same moment finds its cache, or does not, as it did.
  const recordedShare = id === measured.state.rev.id ? readShare(logged.input, measured) : null
  const hit = recordedShare ?? behaviour.chance.found(behaviour.cacheHit(id))
  const cost = expectedCost(state, output, { tokens, untilMs: found.untilMs, hit }, atMs, outlook).cost ?? cold
  // The state measures warm prefixes in the log's own prompts, so the same measure is used here.
  const known = (found.tokens - drift.at(found.prefix)) * recorded.rev.tokenizerRatio
  const size = cacheable(Math.round(tokens * state.tokenizerRatio), state.rev.cache) / (found.tokens * recorded.rev.tokenizerRatio)
  return {
    state: recorded,
    output,
    prompt,
    warm: Math.min(prompt, tokens * state.tokenizerRatio),
    hit,
    cost: withOthers(cost),
    cacheSaving: recordedShare === null ? cold - cost : 0,
    cacheRead: hit * Math.min(1, size) * known,
    cacheVariance: recordedShare === null && hit > 0 ? ((cold - cost) ** 2 * (1 - hit)) / hit : 0,
  }
}

/** What is taken to be warm at any model, where the log does not say how the prompt begins: what the recorded call read. */
function asMuchAsRecorded({ attempt, state, scale }: Measured, behaviour: Behaviour): Pick<Warm, 'tokens' | 'prefix' | 'untilMs'> | null {
  const read = attempt.cacheReadTokens ?? 0
  const tokens = read / behaviour.tokenizer(state.rev.id) / scale
  return read === 0 ? null : { tokens, prefix: '', untilMs: Number.POSITIVE_INFINITY }
}

/** Share of the tokens expected to be warm that the recorded call read; null when nothing was expected. */
function readShare(recorded: DecideInput, { attempt, state }: Measured): number | null {
  const prompt = totalInput(usageOf(attempt))
  const expected = prompt === null ? 0 : expectedWarm(state.rev, recorded.endogenous.warm, recorded.signals.inputTokens, prompt)
  return expected === 0 || attempt.cacheReadTokens === null ? null : Math.min(1, attempt.cacheReadTokens / expected)
}

function withOtherAttempts(cost: Nano | null, { costNano }: ReplaySettled, { attempt, state }: Measured, model: string): Nano | null {
  if (cost === null || model !== state.rev.id || costNano === null) return cost
  const served = costOf(usageOf(attempt), state.rev.rates)
  return served === null ? cost : costNano - served + cost
}

/**
 * What the router would have learned from the recorded attempt, as it would have been. Null where it learns nothing from such an answer.
 */
function seenOf({ input, logged, drift }: Alike, { attempt }: Measured, { state, prompt, output }: Work, time: Time): AttemptSeen | null {
  if (attempt.outcome !== 'ok') return null
  const own = attemptSeen(state.rev, attempt, logged.input.signals, input)
  const isTimed = state.rev.tier === undefined
  return {
    type: 'attempt',
    model: own.model,
    task: own.task,
    complexity: own.complexity,
    limit: own.limit,
    stream: own.stream,
    estimatedTokens: Math.max(1, Math.round(own.estimatedTokens + drift.tokens)),
    inputTokens: own.inputTokens === null ? null : prompt,
    outputTokens: own.outputTokens === null ? null : output,
    firstByteMs: isTimed ? time.firstByteMs : null,
    endMs: isTimed ? time.endMs : null,
  }
}

function isSameWarmth(a: Endogenous, b: Endogenous, rev: ModelRev): boolean {
  return warmAt(a.warm, rev)?.prefix === warmAt(b.warm, rev)?.prefix
}
