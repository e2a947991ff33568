import { logit, sigmoid } from '../kit/index.js'
import type { AskedVerdict } from './ask-classifier.js'
import { type ExampleLibrary, voteByExamples } from './examples.js'
import { CHEAP_ABILITY, type Complexity, type Signals } from './types.js'

/** Probability that a cheap model fails, for an answer that is only simple, medium or complex. */
const MEANT: Readonly<Record<Complexity, number>> = { simple: 0.15, medium: 0.45, complex: 0.75 }

/**
 * Signals combined with another opinion: a classifying model's, or that of the nearest examples. `weight` is how much it counts against the
 * local verdict (0 to 1); the answer is stored under `name` in `remote`, so that the decision can be repeated.
 */
export function applyVerdict(signals: Signals, name: string, verdict: AskedVerdict, weight: number): Signals {
  const both = (1 - weight) * logit(signals.difficulty.p) + weight * logit(MEANT[verdict.complexity])
  return {
    ...signals,
    task: weight >= 0.5 ? verdict.task : signals.task,
    complexity: weight >= 0.5 ? verdict.complexity : signals.complexity,
    difficulty: { p: round6(sigmoid(both)), logit: round6(CHEAP_ABILITY + both), sd: signals.difficulty.sd },
    remote: { ...signals.remote, [name]: { ...verdict, weight } },
  }
}

/** Similarity of the nearest example below which examples are ignored, and from which their vote counts fully. */
const ALIKE = 0.5
const SAME = 0.85

/** How the text's vector is found, and how many neighbours vote. */
interface Likeness {
  readonly embedding?: readonly number[]
  readonly neighbours?: number
}

/**
 * Signals moved towards what similar examples are labelled: the user's word counts for requests much like one of the examples, and for
 * no others. A client's own calls and steps inside a tool loop are left alone.
 */
export function applyExamples(signals: Signals, text: string, library: ExampleLibrary, likeness: Likeness = {}): Signals {
  if (signals.sideKind !== null || signals.trajectory.inToolLoop || text === '') return signals
  const vote = voteByExamples(library, text, likeness.embedding, likeness.neighbours)
  const nearest = vote?.neighbours[0]?.similarity ?? 0
  if (vote === null || nearest < ALIKE) return signals
  const weight = Math.round(1e3 * vote.confidence * Math.min(1, (nearest - ALIKE) / (SAME - ALIKE))) / 1e3
  return weight === 0 ? signals : applyVerdict(signals, 'examples', { task: vote.task, complexity: vote.complexity }, weight)
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
