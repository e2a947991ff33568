import {
  type Classifier,
  type Example,
  type ExampleLibrary,
  loadWeights,
  localLibrary,
  SHIPPED_EXAMPLES,
  shippedClassifier,
} from '../../classify/index.js'
import { examplesPath, readUserExamples } from './examples-store.js'
import { readUserWeights } from './weights-store.js'

/** What llmroute has learned from the user. */
export interface Home {
  readonly classifier: Classifier
  readonly own: readonly Example[]
  /** The user's examples with the shipped ones, by local vectors; null when there are none of the user's. */
  readonly library: ExampleLibrary | null
}

/**
 * The user's weights and examples; `examples` is a file other than the config folder's. Unreadable files are reported, and the shipped ones
 * are used.
 */
export function readHome(folder: string, examples: string | undefined, report: (error: unknown) => void): Home {
  const own = attempt(() => readUserExamples(examples ?? examplesPath(folder)), [], report)
  const weights = attempt(() => readUserWeights(folder), null, report)
  return {
    classifier: weights === null ? shippedClassifier() : attempt(() => loadWeights(weights), shippedClassifier(), report),
    own,
    library: own.length === 0 ? null : localLibrary([...own, ...SHIPPED_EXAMPLES]),
  }
}

function attempt<T>(read: () => T, otherwise: T, report: (error: unknown) => void): T {
  try {
    return read()
  } catch (error) {
    report(error)
    return otherwise
  }
}
