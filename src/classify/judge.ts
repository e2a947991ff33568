import { entry } from '../kit/index.js'
import type { Classifier } from './classifier.js'
import { extractFeatures } from './features/index.js'
import { detectLanguage } from './language.js'
import { combine } from './model/combine.js'
import { scoreParts } from './model/score.js'
import { type ReadPrompt, readPrompt } from './read-prompt.js'
import { rememberTexts } from './remember.js'
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
  /** As `readPrompt` leaves it, in small letters. */
  readonly low: string
  readonly task: Task
  readonly verdict: Judgement
  readonly language: string
}

/** An agent's loop asks about the same text with every step, and importing it dozens of times. */
const KEPT = 64
/** A longer text, in characters, is not worth caching. */
const LONGEST = 20_000
const memories = new WeakMap<Classifier, ReturnType<typeof rememberTexts<JudgedText>>>()

/** Judges a text, or says again what it said of the same text lately. */
export function judgeText(text: string, classifier: Classifier): JudgedText {
  const judge = (): JudgedText => {
    const read = readPrompt(text)
    return { low: read.low, task: taskOfText(read.low), verdict: judgeRead(read, classifier), language: detectLanguage(text) }
  }
  if (text.length > LONGEST) return judge()
  return entry(memories, classifier, () => rememberTexts(KEPT))(text, judge)
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
