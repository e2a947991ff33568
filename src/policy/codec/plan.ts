import {
  ensure,
  finish,
  getByte,
  getVarint,
  newSink,
  packedRow,
  putByte,
  putVarint,
  type Sink,
  type Source,
  skip,
  sourceOf,
} from '../../kit/index.js'
import { LEAST_COST } from '../candidate.js'
import { freeTimeUs } from '../deadline.js'
import { expectedOutput } from '../estimate.js'
import { moveLadder } from '../ladder.js'
import { type Judged, showScores } from '../score.js'
import type { DecideInput, Plan, Step, Strategy } from '../types.js'
import { vetoOf } from '../veto.js'
import { writeReason } from '../write-reason.js'
import { checkFormat, getNumber, getText, NUMBER, putFormat, putNumber, putText } from './values.js'
import { codeOf, STRATEGIES, VETOES, wordOf } from './words.js'

/** A step is six doubles: place and veto, the subject of the veto and quality, cost, cost over the horizon, latency and propensity. */
const WORDS = 6
const UNPRICED = -1
/** The first word is place + PLACES * (veto + CODES * about). */
const PLACES = 4096
const CODES = 64
let room = new Float64Array(WORDS * 64)
let raw = Buffer.from(room.buffer)

function reach(words: number): void {
  if (words <= room.length) return
  room = new Float64Array(words * 2)
  raw = Buffer.from(room.buffer)
}

function placeOf(model: string, input: DecideInput): number {
  const { models } = input
  let i = 0
  while (models[i]!.rev.id !== model) i++
  return i
}

function putSteps(sink: Sink, steps: readonly Step[], input: DecideInput): void {
  let at = 0
  reach(steps.length * WORDS)
  for (const step of steps) {
    const { veto } = step
    room[at++] = placeOf(step.model, input) + PLACES * (veto === null ? 0 : codeOf(VETOES, veto.code) + CODES * veto.about)
    room[at++] = step.quality
    room[at++] = step.cost ?? UNPRICED
    room[at++] = step.horizonCost ?? UNPRICED
    room[at++] = step.latencyUs
    room[at++] = step.propensity
  }
  ensure(sink, at * 8)
  raw.copy(sink.bytes, sink.at, 0, at * 8)
  sink.at += at * 8
}

function priced(x: number): number | null {
  return x === UNPRICED ? null : x
}

function getStep(source: Source, input: DecideInput): Step {
  const from = skip(source, WORDS * 8)
  const word = (i: number) => source.bytes.readDoubleLE(from + 8 * i)
  const head = word(0)
  const veto = Math.floor(head / PLACES) % CODES
  return {
    model: input.models[head % PLACES]!.rev.id,
    cost: priced(word(2)),
    horizonCost: priced(word(3)),
    latencyUs: word(4),
    quality: word(1),
    scores: { cost: 0, quality: 0, latency: 0 },
    score: 0,
    veto: veto === 0 ? null : vetoOf(wordOf(VETOES, veto), Math.floor(head / PLACES / CODES)),
    propensity: word(5),
  }
}

const HAS = { rule: 1, arm: 2, clamp: 4, gate: 8 } as const
const GATE = packedRow({ threshold: NUMBER, holdMs: NUMBER })
const sink = newSink()

function write(plan: Plan, input: DecideInput): void {
  const gate = plan.steps[0]?.gate
  sink.at = 0
  putFormat(sink)
  putByte(sink, plan.chain)
  putVarint(sink, plan.steps.length)
  putByte(
    sink,
    (plan.rule === null ? 0 : HAS.rule) |
      (plan.arm === null ? 0 : HAS.arm) |
      (plan.clampOutput === null ? 0 : HAS.clamp) |
      (gate === undefined ? 0 : HAS.gate),
  )
  putSteps(sink, plan.steps, input)
  putStrategy(sink, plan.strategy)
  putNumber(sink, plan.floor)
  if (plan.rule !== null) putText(sink, plan.rule)
  if (plan.arm !== null) putText(sink, plan.arm)
  if (plan.clampOutput !== null) putNumber(sink, plan.clampOutput)
  if (gate !== undefined) GATE.write(sink, gate)
}

/** A plan as bytes: order and numbers. Scores and words follow from them and the input, and are made again when it is read. */
export function encodePlan(plan: Plan, input: DecideInput): Uint8Array {
  write(plan, input)
  return finish(sink)
}

/** Whether a decision made again is the one stored, order included. */
export function isSamePlan(plan: Plan, input: DecideInput, stored: Uint8Array): boolean {
  write(plan, input)
  return sink.bytes.compare(stored, 0, stored.length, 0, sink.at) === 0
}

/** A step of a plan as evaluated, so that its scores can be recomputed. */
function judgedStep(step: Step, input: DecideInput): Judged {
  const state = input.models.find((m) => m.rev.id === step.model)!
  const { horizonCost, quality, veto, scores, score } = step
  return {
    state,
    out: expectedOutput(state, input.limit),
    horizonCost,
    lnCost: Math.log(horizonCost === null || horizonCost < LEAST_COST ? LEAST_COST : horizonCost),
    lnLatency: Math.log(Math.max(step.latencyUs, freeTimeUs(input))),
    quality,
    veto,
    scores,
    score,
  }
}

export function decodePlan(bytes: Uint8Array, input: DecideInput): Plan {
  const source = sourceOf(bytes)
  checkFormat(source)
  const chain = getByte(source)
  const count = getVarint(source)
  const has = getByte(source)
  const bare: Step[] = []
  for (let i = 0; i < count; i++) bare.push(getStep(source, input))
  const strategy = getStrategy(source)
  const judged = bare.map((step) => judgedStep(step, input))
  showScores(judged, strategy)
  const steps = bare.map((step, i): Step => ({ ...step, scores: judged[i]!.scores, score: judged[i]!.score }))
  const plan: Plan = {
    steps,
    chain,
    strategy,
    floor: getNumber(source),
    rule: (has & HAS.rule) === 0 ? null : getText(source),
    arm: (has & HAS.arm) === 0 ? null : getText(source),
    clampOutput: (has & HAS.clamp) === 0 ? null : getNumber(source),
    ladder: moveLadder(input),
    reason: '',
  }
  if ((has & HAS.gate) !== 0) steps[0] = { ...steps[0]!, gate: GATE.read(source) }
  return { ...plan, reason: writeReason(input, plan) }
}

const WITH_CARBON = 64
const WEIGHTS = packedRow({ cost: NUMBER, quality: NUMBER, latency: NUMBER })

function putStrategy(sink: Sink, s: Strategy): void {
  const code = codeOf(STRATEGIES, s.kind)
  switch (s.kind) {
    case 'weights': {
      const { carbon } = s.weights
      putByte(sink, carbon === undefined ? code : code | WITH_CARBON)
      WEIGHTS.write(sink, s.weights)
      if (carbon !== undefined) putNumber(sink, carbon)
      return
    }
    case 'cheapest':
      putByte(sink, code)
      putNumber(sink, s.minQuality)
      return
    case 'balanced':
    case 'best':
      putByte(sink, code)
      return
  }
}

function getStrategy(source: Source): Strategy {
  const code = getByte(source)
  const kind = wordOf(STRATEGIES, code & ~WITH_CARBON)
  switch (kind) {
    case 'weights': {
      const weights = WEIGHTS.read(source)
      return { kind, weights: (code & WITH_CARBON) === 0 ? weights : { ...weights, carbon: getNumber(source) } }
    }
    case 'cheapest':
      return { kind, minQuality: getNumber(source) }
    case 'balanced':
    case 'best':
      return { kind }
  }
}
