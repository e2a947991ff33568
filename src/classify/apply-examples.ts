import { applyVerdict } from './apply-verdict.js'
import { type ExampleLibrary, voteByExamples } from './examples.js'
import type { Signals } from './types.js'

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
