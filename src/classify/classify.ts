import type { Request } from '../canonical/index.js'
import { logit, readPattern, remembered, sigmoid } from '../kit/index.js'
import { applyExamples } from './apply-verdict.js'
import { type Classifier, shippedClassifier } from './classifier.js'
import { readEnvelope } from './envelope.js'
import type { ExampleLibrary } from './examples.js'
import { type Judgement, judgeText } from './judge.js'
import { detectLanguage } from './language.js'
import { needs } from './needs.js'
import { sideKind } from './side-call.js'
import { detectTask } from './task.js'
import { requestTokens } from './tokens.js'
import { readTrajectory } from './trajectory.js'
import { readTurn, type Turn } from './turn.js'
import { CHEAP_ABILITY, type Complexity, type SideKind, type Signals, type Task, type Trajectory } from './types.js'

interface ClassifyOptions {
  /** Prompt patterns of the configured rules; each is tested on the user's text. */
  readonly regex?: readonly string[]
  /** Weights other than the shipped ones. */
  readonly classifier?: Classifier
  /** Labelled prompts that requests like them are judged by. */
  readonly examples?: ExampleLibrary | null
}

interface Judged {
  readonly task: Task
  readonly verdict: Judgement
}

interface JudgedTurn extends Judged {
  readonly language: string
}

/** The request of a client's own call, and the logit that a cheap model fails at it: these are safe savings. */
const SIDE_CALLS: Readonly<Record<SideKind, Judged>> = {
  title: sideCall('writing', -3),
  summary: sideCall('summarization', -2),
  'commit-message': sideCall('writing', -2),
  'quota-probe': sideCall('chat', -4),
  compaction: sideCall('summarization', -0.4),
}

function sideCall(task: Task, logit: number): Judged {
  return { task, verdict: { logit, gain: 0.05, trust: 1 } }
}

/** Below the first a request is simple, from the second on complex: probabilities that a cheap model fails. */
const SIMPLE_BELOW = 0.33
const COMPLEX_FROM = 0.62
/** Standard error of the difficulty, in logits, for a kind of request that the model knows and for others. */
const SD_KNOWN = 0.7
const SD_UNKNOWN = 1.5

/** Signals of a request, judged on this turn only. Pure: equal requests give equal signals. */
export function classify(request: Request, options: ClassifyOptions = {}): Signals {
  const turn = readTurn(request)
  const signals = judgeTurn(request, turn, options)
  const { examples } = options
  return examples === undefined || examples === null ? signals : applyExamples(signals, turn.text, examples)
}

function judgeTurn(request: Request, turn: Turn, options: ClassifyOptions): Signals {
  const side = sideKind(request, turn.text)
  const trajectory = readTrajectory(request, turn)
  const { task, verdict, language } = side === null ? judgePerson(request, turn.text, options.classifier) : judgeSide(side, turn.text)
  const envelope = readEnvelope(request)
  const p = round(sigmoid(verdict.logit + strain(trajectory)))
  return {
    task,
    complexity: complexityOf(p),
    difficulty: { p, logit: round(CHEAP_ABILITY + logit(p)), sd: round(SD_UNKNOWN - (SD_UNKNOWN - SD_KNOWN) * verdict.trust) },
    gain: round(verdict.gain),
    confidence: round(verdict.trust),
    needs: needs(request),
    language,
    sideKind: side,
    tools: envelope.tools,
    trajectory,
    inputTokens: requestTokens(request, envelope.tokens),
    envelope: { digest: envelope.digest, tokens: envelope.tokens },
    regex: matchPatterns(options.regex ?? [], turn.text),
    remote: null,
  }
}

function judgePerson(request: Request, text: string, classifier = shippedClassifier()): JudgedTurn {
  const { low, task, verdict, language } = judgeText(text, classifier)
  return { task: detectTask(request, low, task), verdict, language }
}

function judgeSide(side: SideKind, text: string): JudgedTurn {
  return { ...SIDE_CALLS[side], language: detectLanguage(text) }
}

function complexityOf(p: number): Complexity {
  return p < SIMPLE_BELOW ? 'simple' : p < COMPLEX_FROM ? 'medium' : 'complex'
}

/** Six decimals, so that a stored signal reproduces its decision; never quite 0 or 1. */
function round(value: number): number {
  const rounded = Math.round(value * 1e6) / 1e6
  return rounded === 0 ? 1e-6 : rounded === 1 ? 1 - 1e-6 : rounded
}

/** How much the session's course raises the difficulty, logits: evidence of failure counts, mere length does not. */
function strain(t: Trajectory): number {
  let z = 0.35 * Math.min(t.failedChecks, 4) + 0.2 * Math.min(t.toolErrors, 4)
  z += 0.4 * Math.min(Math.max(t.repeatedCalls - 1, 0), 3) + 0.25 * Math.min(Math.max(t.sameFileEdits - 2, 0), 3)
  if (t.userCorrection) z += 0.5
  if (t.userRepeat) z += 0.5
  if (t.checkRecovered) z -= 0.5
  return z
}

/** A pattern sees at most this much of the message: JavaScript expressions cannot be stopped, so their input is bounded. */
const SEEN = 16_384
const compile = remembered(readPattern)

/** Result of each pattern, written plain or as `/source/flags`, on the user's text; a malformed pattern never matches. */
function matchPatterns(patterns: readonly string[], text: string): Readonly<Record<string, boolean>> {
  const results: Record<string, boolean> = {}
  const seen = text.slice(0, SEEN)
  for (const pattern of patterns) results[pattern] = compile(pattern)?.test(seen) ?? false
  return results
}
