import { moveLadder } from '../decide.js'
import type { DecideInput, Plan, Scores, Step, Strategy } from '../types.js'
import { vetoOf } from '../veto.js'
import { writeReason } from '../write-reason.js'
import {
  checkFormat,
  finish,
  getByte,
  getMaybe,
  getNumber,
  getText,
  getVarint,
  newSink,
  putByte,
  putFormat,
  putMaybe,
  putNumber,
  putText,
  putVarint,
  type Sink,
  type Source,
  sourceOf,
} from './bytes.js'
import { getModel, putModel } from './endogenous.js'
import { codeOf, STRATEGIES, VETOES, wordOf } from './words.js'

function putStrategy(sink: Sink, s: Strategy): void {
  putByte(sink, codeOf(STRATEGIES, s.kind))
  switch (s.kind) {
    case 'weights':
      putNumber(sink, s.weights.cost)
      putNumber(sink, s.weights.quality)
      putNumber(sink, s.weights.latency)
      putMaybe(sink, s.weights.carbon ?? null, putNumber)
      return
    case 'cheapest':
      putNumber(sink, s.minQuality)
      return
    case 'balanced':
    case 'best':
      return
  }
}

function getStrategy(source: Source): Strategy {
  const kind = wordOf(STRATEGIES, getByte(source))
  switch (kind) {
    case 'weights': {
      const weights = { cost: getNumber(source), quality: getNumber(source), latency: getNumber(source) }
      const carbon = getMaybe(source, getNumber)
      return { kind, weights: carbon === null ? weights : { ...weights, carbon } }
    }
    case 'cheapest':
      return { kind, minQuality: getNumber(source) }
    case 'balanced':
    case 'best':
      return { kind }
  }
}

const HAS_GATE = 64
const HAS_CARBON = 128

function putStep(sink: Sink, step: Step, input: DecideInput): void {
  putModel(sink, step.model, input.models)
  const { veto, gate, scores } = step
  const head = veto === null ? 0 : codeOf(VETOES, veto.code)
  putByte(sink, head | (gate === undefined ? 0 : HAS_GATE) | (scores.carbon === undefined ? 0 : HAS_CARBON))
  if (veto !== null) putVarint(sink, veto.about)
  // Costs shifted by one, so that unpriced is 0.
  putVarint(sink, step.cost === null ? 0 : step.cost + 1)
  putVarint(sink, step.horizonCost === null ? 0 : step.horizonCost + 1)
  putVarint(sink, step.latencyUs)
  putNumber(sink, step.quality)
  putNumber(sink, step.propensity)
  putScore(sink, scores.cost)
  putScore(sink, scores.quality)
  putScore(sink, scores.latency)
  if (scores.carbon !== undefined) putScore(sink, scores.carbon)
  putScore(sink, step.score)
  if (gate !== undefined) {
    putNumber(sink, gate.threshold)
    putVarint(sink, gate.holdMs)
  }
}

/** Scores are multiples of 1e-9: as a varint of that, sign last. */
function putScore(sink: Sink, score: number): void {
  const scaled = Math.round(Math.abs(score) * 1e9)
  putVarint(sink, scaled * 2 + (score < 0 ? 1 : 0))
}

function getScore(source: Source): number {
  const coded = getVarint(source)
  const sign = coded % 2
  const value = (coded - sign) / 2 / 1e9
  return sign === 1 ? -value : value
}

function getStep(source: Source, input: DecideInput): Step {
  const model = getModel(source, input.models)
  const head = getByte(source)
  const code = head & 63
  const veto = code === 0 ? null : vetoOf(wordOf(VETOES, code), getVarint(source))
  const cost = getVarint(source)
  const horizonCost = getVarint(source)
  const latencyUs = getVarint(source)
  const quality = getNumber(source)
  const propensity = getNumber(source)
  const plain: Scores = { cost: getScore(source), quality: getScore(source), latency: getScore(source) }
  const scores = (head & HAS_CARBON) === 0 ? plain : { ...plain, carbon: getScore(source) }
  const step: Step = {
    model,
    cost: cost === 0 ? null : cost - 1,
    horizonCost: horizonCost === 0 ? null : horizonCost - 1,
    latencyUs,
    quality,
    scores,
    score: getScore(source),
    veto,
    propensity,
  }
  return (head & HAS_GATE) === 0 ? step : { ...step, gate: { threshold: getNumber(source), holdMs: getVarint(source) } }
}

const sink = newSink()

/** A plan as bytes. Its words (reason, vetoes in full, the ladder's evidence) follow from the input and are not stored. */
export function encodePlan(plan: Plan, input: DecideInput): Uint8Array {
  sink.at = 0
  putFormat(sink)
  putByte(sink, plan.chain)
  putByte(sink, plan.steps.length)
  for (const step of plan.steps) putStep(sink, step, input)
  putMaybe(sink, plan.rule, putText)
  putMaybe(sink, plan.arm, putText)
  putStrategy(sink, plan.strategy)
  putNumber(sink, plan.floor)
  putMaybe(sink, plan.clampOutput, putNumber)
  return finish(sink)
}

export function decodePlan(bytes: Uint8Array, input: DecideInput): Plan {
  const source = sourceOf(bytes)
  checkFormat(source)
  const chain = getByte(source)
  const steps: Step[] = []
  for (let n = getByte(source); n > 0; n--) steps.push(getStep(source, input))
  const plan: Plan = {
    steps,
    chain,
    rule: getMaybe(source, getText),
    arm: getMaybe(source, getText),
    ladder: moveLadder(input),
    strategy: getStrategy(source),
    floor: getNumber(source),
    reason: '',
    clampOutput: getMaybe(source, getNumber),
  }
  return { ...plan, reason: writeReason(input, plan) }
}

/** Whether a decision made again is the one stored, order included. */
export function isSamePlan(plan: Plan, input: DecideInput, stored: Uint8Array): boolean {
  const again = encodePlan(plan, input)
  return Buffer.compare(again, stored) === 0
}
