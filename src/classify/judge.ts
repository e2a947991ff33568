import { entry, textKey } from '../kit/index.js'
import type { Classifier } from './classifier.js'
import { extractFeatures } from './features/index.js'
import { detectLanguage } from './language.js'
import { combine } from './model/combine.js'
import { scoreParts } from './model/score.js'
import { type ReadPrompt, readPrompt } from './read-prompt.js'
import { readShape, type ShapeRule } from './shape-prior.js'
import { taskOfText } from './task.js'
import type { Task } from './types.js'

/** How hard a prompt is, its session not considered. */
export interface Judgement {
  /** Logit that a cheap model fails. */
  readonly logit: number
  readonly gain: number
  /** 0..1: share of the fitted model against the hand-made priors. */
  readonly trust: number
}

/** A rule's verdict bounds the logit: clearly simple and clearly complex instructions are not left to a model of exam questions. */
const SIMPLE_AT_MOST = -1.8
const COMPLEX_AT_LEAST = 0.9
/** An everyday ask is simple, but keeps its rank among its like: logit and slope above it. */
const SMALL_AT_MOST = -1
const SMALL_SLOPE = 0.1
/** A strong model helps little with a simple step. */
const SIMPLE_GAIN = 0.5

export function judge(prompt: string, classifier: Classifier): Judgement {
  return judgeRead(readPrompt(prompt), classifier)
}

/** The verdict on a text by itself, in whatever session. */
interface JudgedText {
  readonly text: string
  /** As `readPrompt` leaves it, in small letters. */
  readonly low: string
  readonly task: Task
  readonly verdict: Judgement
  readonly language: string
}

/** A longer text, in characters, is not worth remembering. */
const LONGEST = 20_000
/** How many judged texts make a generation; two are remembered. */
const GENERATION = 32

interface Memory {
  recent: Map<number, JudgedText>
  earlier: Map<number, JudgedText>
}
const memories = new WeakMap<Classifier, Memory>()

/**
 * Judges a text, or says again what it said of the same text lately: an agent's loop asks about the same text with every step, each time
 * parsed from JSON, and importing it dozens of times. What was not asked for lately is dropped a generation at a time: a map from which one
 * entry is deleted for each added is rebuilt all the time, and V8 keeps what it held before until the whole heap is collected.
 */
export function judgeText(text: string, classifier: Classifier): JudgedText {
  if (text.length > LONGEST) return judgeAnew(text, classifier)
  const memory = entry(memories, classifier, (): Memory => ({ recent: new Map(), earlier: new Map() }))
  const key = textKey(text)
  const recent = memory.recent.get(key)
  if (recent?.text === text) return recent
  const earlier = memory.earlier.get(key)
  const judged = earlier?.text === text ? earlier : judgeAnew(text, classifier)
  if (memory.recent.size >= GENERATION) {
    memory.earlier = memory.recent
    memory.recent = new Map()
  }
  memory.recent.set(key, judged)
  return judged
}

function judgeAnew(text: string, classifier: Classifier): JudgedText {
  const read = readPrompt(text)
  return { text, low: read.low, task: taskOfText(read.low), verdict: judgeRead(read, classifier), language: detectLanguage(text) }
}

function judgeRead({ text, low, length }: ReadPrompt, classifier: Classifier): Judgement {
  const shape = readShape(low)
  const features = extractFeatures(text, low, length)
  const parts = scoreParts(features, classifier.vectors)
  const verdict = combine(parts, features.dense[0]!, shape.logit, classifier.vectors)
  const logit = verdict.failLogit + parts.home
  const bounded = bound(shape.rule, logit)
  return { logit: bounded, gain: shape.rule === 'simple' ? verdict.gain * SIMPLE_GAIN : verdict.gain, trust: verdict.trust }
}

function bound(rule: ShapeRule, logit: number): number {
  switch (rule) {
    case 'simple':
      return Math.min(logit, SIMPLE_AT_MOST)
    case 'small':
      return logit <= SMALL_AT_MOST ? logit : SMALL_AT_MOST + SMALL_SLOPE * Math.min(2, logit - SMALL_AT_MOST)
    case 'complex':
      return Math.max(logit, COMPLEX_AT_LEAST)
    case null:
      return logit
  }
}
