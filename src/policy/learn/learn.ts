import type { ModelRev } from '../../catalog/types.js'
import type { Complexity, Task } from '../../classify/types.js'
import { modelOf } from '../candidate.js'
import { priorOutput } from './output-prior.js'
import { addQuality, cellOf, type QualitySeen, qualityOfOutcome } from './quality.js'
import { addAmount, addLogRatio, copyResiduals, correctionAt, emptyResiduals, placeOf, READING, type Residuals } from './residuals.js'

/**
 * Everything learned from the ledger, as plain data: `JSON.stringify` saves it. It is not part of a decision's state; decisions record what
 * they used.
 */
export interface Learned {
  /** Time to first token against the catalog's, by provider, model, input size. */
  readonly ttft: Residuals
  /** Time per output token, by provider and model. */
  readonly pace: Residuals
  /** Tokens of the model per reference token, by provider and model. */
  readonly tokenizer: Residuals
  /** Output tokens against the prior, by task and complexity for everyone, */
  readonly taskOutput: Residuals
  /** and by provider, model and task beyond that. */
  readonly modelOutput: Residuals
  readonly quality: QualitySeen
}

export function emptyLearned(): Learned {
  return {
    ttft: emptyResiduals(READING.ttft),
    pace: emptyResiduals(READING.pace),
    tokenizer: emptyResiduals(READING.tokenizer),
    taskOutput: emptyResiduals(READING.taskOutput),
    modelOutput: emptyResiduals(READING.modelOutput),
    quality: {},
  }
}

/** A copy for learning other expectations. What is learned of quality stays common. */
export function copyExpectations(learned: Learned): Learned {
  return {
    ttft: copyResiduals(learned.ttft),
    pace: copyResiduals(learned.pace),
    tokenizer: copyResiduals(learned.tokenizer),
    taskOutput: copyResiduals(learned.taskOutput),
    modelOutput: copyResiduals(learned.modelOutput),
    quality: learned.quality,
  }
}

/** One served attempt, as its row says. Milliseconds from its start; tokens in the model's own tokenizer; null is not known. */
export interface AttemptSeen {
  readonly type: 'attempt'
  readonly model: ModelRev
  /** The kind of output: see writtenTask(). */
  readonly task: Task
  readonly complexity: Complexity
  /** Prompt as the router estimated it, reference tokens. */
  readonly estimatedTokens: number
  /** Prompt as the provider counted it, cached parts included; null too where the estimate cannot be compared with it. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** The client's limit: an answer cut by it says little of verbosity. */
  readonly limit: number | null
  readonly stream: boolean
  readonly firstByteMs: number | null
  readonly endMs: number | null
}

/** An outcome of a call, with the relevant part of the call's row. */
interface OutcomeSeen {
  readonly type: 'outcome'
  /** The model itself, whichever of its service tiers answered. */
  readonly model: string
  readonly task: Task
  readonly complexity: Complexity
  readonly difficulty: number
  readonly kind: string
  readonly value: number | null
}

export type LearnEvent = AttemptSeen | OutcomeSeen

const SIZES = [1000, 4000, 16_000, 64_000] as const
const SIZE_NAMES = SIZES.map((size) => `<${size / 1000}k`)

/** Class of a prompt's size, reference tokens: `<1k`, `<4k`, `<16k`, `<64k` or `more`. */
export function sizeOf(tokens: number): string {
  for (let i = 0; i < SIZES.length; i++) if (tokens < SIZES[i]!) return SIZE_NAMES[i]!
  return 'more'
}

/** Prompt tokens that are read in a second before the first is written: our guess of a middling provider; learned by size from there. */
const PREFILL_PER_S = 10_000

/** Time to first token before anything was measured, microseconds. A simulated model does not read, so nothing is added for it. */
export function priorTtftUs(rev: ModelRev, tokens: number): number {
  return rev.speed.ttftMs * 1000 + (rev.simulated ? 0 : (tokens / PREFILL_PER_S) * 1e6)
}

export function priorUsPerToken(rev: ModelRev): number {
  return 1e6 / Math.max(rev.speed.tokensPerSecond, 0.1)
}

/** Answers shorter than this say nothing about a model's speed. */
const LEAST_FOR_PACE = 8

function learnTimes(l: Learned, e: AttemptSeen): void {
  const { model, firstByteMs, endMs, outputTokens, estimatedTokens } = e
  if (firstByteMs === null || endMs === null) return
  const paceAt = placeOf(l.pace, [model.provider, model.id])
  const ttftAt = placeOf(l.ttft, [model.provider, model.id, sizeOf(estimatedTokens)])
  const ttft = priorTtftUs(model, estimatedTokens)
  const pace = priorUsPerToken(model)
  if (e.stream) {
    addLogRatio(l.ttft, ttftAt, firstByteMs * 1000, ttft)
    if (outputTokens !== null && outputTokens >= LEAST_FOR_PACE) {
      addLogRatio(l.pace, paceAt, ((endMs - firstByteMs) * 1000) / (outputTokens - 1), pace)
    }
    return
  }
  // Without a stream only the sum is seen: both parts are corrected by the same factor, from where they stand.
  if (outputTokens === null) return
  const ttftNow = Math.exp(correctionAt(l.ttft, ttftAt))
  const paceNow = Math.exp(correctionAt(l.pace, paceAt))
  const factor = (endMs * 1000) / (ttft * ttftNow + pace * paceNow * outputTokens)
  addLogRatio(l.ttft, ttftAt, ttftNow * factor, 1)
  addLogRatio(l.pace, paceAt, paceNow * factor, 1)
}

/**
 * A service tier is the same model: it reads and writes the same way. Models are compared on answers that are alike in everything their
 * length depends on; otherwise the model that happened to get the long ones would look verbose.
 */
function learnTokens(l: Learned, e: AttemptSeen): void {
  const { model, task } = e
  const id = modelOf(model)
  if (e.inputTokens !== null && e.estimatedTokens > 0)
    addAmount(l.tokenizer, placeOf(l.tokenizer, [model.provider, id]), e.inputTokens, e.estimatedTokens * model.tokenizerRatio)
  const { outputTokens } = e
  if (outputTokens === null || outputTokens <= 0 || (e.limit !== null && outputTokens >= e.limit)) return
  const prior = priorOutput(task, e.complexity, model)
  const perTask = placeOf(l.taskOutput, [task, e.complexity])
  const perModel = placeOf(l.modelOutput, [model.provider, id, task])
  addAmount(l.taskOutput, perTask, outputTokens, prior * Math.exp(correctionAt(l.modelOutput, perModel)))
  // As known now: the part of this answer that the task explains is not attributed to the model as well.
  const ofTask = Math.exp(correctionAt(l.taskOutput, perTask))
  addAmount(l.modelOutput, perModel, outputTokens, prior * ofTask)
}

/** Learns from an event. Changes `learned` in place and returns it: use the returned value only. */
export function learn(learned: Learned, event: LearnEvent): Learned {
  switch (event.type) {
    case 'attempt':
      learnTimes(learned, event)
      learnTokens(learned, event)
      break
    case 'outcome': {
      const q = qualityOfOutcome(event.kind, event.value)
      if (q !== null) addQuality(learned.quality, event.model, cellOf(event.task, event.complexity), q.good, q.weight, event.difficulty)
      break
    }
  }
  return learned
}
