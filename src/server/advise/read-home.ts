import { resolve } from 'node:path'
import {
  type Classifier,
  type Example,
  type ExampleLibrary,
  loadWeights,
  localLibrary,
  SHIPPED_EXAMPLES,
  shippedClassifier,
} from '../../classify/index.js'
import type { LoadedConfig } from '../../config/index.js'
import { examplesPath, readUserExamples, readUserWeights } from '../../learn/index.js'

/** What the user has taught llmroute. */
export interface Home {
  readonly classifier: Classifier
  readonly own: readonly Example[]
  /** The user's examples with the shipped ones, by local vectors; null when there are none of the user's, or an embedding model compares them. */
  readonly library: ExampleLibrary | null
}

/** Weights and examples of the user. What cannot be read is reported, and the shipped ones are used. */
export function readHome({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>, report: (error: unknown) => void): Home {
  const { embeddings, examples } = config.classifier
  const named = examples ?? embeddings?.examples
  const own = attempt(() => readUserExamples(named === undefined ? examplesPath(folder) : resolve(named)), [], report)
  const weights = attempt(() => readUserWeights(folder), null, report)
  return {
    classifier: weights === null ? shippedClassifier() : attempt(() => loadWeights(weights), shippedClassifier(), report),
    own,
    library: own.length === 0 || embeddings !== undefined ? null : localLibrary([...own, ...SHIPPED_EXAMPLES]),
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
