import { parseJson, recordOf } from '../kit/index.js'
import { COMPLEXITIES, type Complexity, type Signals, TASKS, type Task } from './types.js'

/** The answer of a small language model that was asked to classify. */
export interface AskedVerdict {
  readonly task: Task
  readonly complexity: Complexity
}

/** Failure probabilities between which a verdict is ambiguous. Cases that rules decide, and clearly easy or hard ones, lie outside. */
const UNSURE = [0.25, 0.7] as const
/** Confidence from which a local verdict stands whatever its probability. */
const SURE_FROM = 0.5
const SEEN = 4000

/** True for requests that are worth a question to a language model: not side calls, not open tool loops, not those that rules decide. */
export function isAmbiguous(signals: Signals, sureFrom = SURE_FROM): boolean {
  if (signals.sideKind !== null || signals.trajectory.inToolLoop) return false
  const { p } = signals.difficulty
  return p > UNSURE[0] && p < UNSURE[1] && signals.confidence < sureFrom
}

/** Instruction and question for the classifying model. The prompt is quoted as data, so that it cannot give orders. */
export function classifierPrompt(text: string): { readonly system: string; readonly user: string } {
  const seen = text.length > SEEN ? `${text.slice(0, SEEN - 1000)}\n[...]\n${text.slice(-1000)}` : text
  return {
    system: [
      'You judge how hard a request is for a small language model. You never answer the request itself.',
      `Reply with one JSON object and nothing else: {"task": one of ${TASKS.map((t) => `"${t}"`).join(', ')}, "complexity": "simple" | "medium" | "complex"}.`,
      'simple: a small model does it well. medium: a small model often slips. complex: needs a strong model. Length, courtesy and words like "step by step" do not matter.',
    ].join('\n'),
    user: `The request, quoted as JSON:\n${JSON.stringify(seen)}`,
  }
}

/** Longest answer worth waiting for, tokens. */
export const CLASSIFIER_MAX_TOKENS = 60

/** Reads the model's reply; null when it has the wrong form. */
export function parseClassifierReply(reply: string): AskedVerdict | null {
  const object = /\{[^{}]*\}/.exec(reply.slice(0, 2000))?.[0]
  const said = recordOf(parseJson(object ?? ''))
  const task = TASKS.find((t) => t === said.task)
  const complexity = COMPLEXITIES.find((c) => c === said.complexity)
  return task === undefined || complexity === undefined ? null : { task, complexity }
}
