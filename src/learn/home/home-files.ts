import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Classifier,
  type Example,
  type ExampleLibrary,
  formatExamples,
  loadWeights,
  localLibrary,
  parseExamples,
  SHIPPED_EXAMPLES,
  shippedClassifier,
} from '../../classify/index.js'
import { Fault, replacePrivateFile } from '../../kit/index.js'

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

/** Where the user's examples are unless the configuration names a file: in the config folder, JSON Lines. */
export function examplesPath(folder: string): string {
  return join(folder, 'examples.jsonl')
}

/** The user's own examples; none when there is no file. Throws E_UNPROCESSABLE naming the line that is wrong. */
export function readUserExamples(path: string): readonly Example[] {
  return existsSync(path) ? parseExamples(readFileSync(path, 'utf8')) : []
}

/** Prompts are private: the file is readable by its owner alone. */
export function writeUserExamples(path: string, examples: readonly Example[]): void {
  replacePrivateFile(path, formatExamples(examples))
}

/** The user's own weights in the config folder, and those that they replaced. */
const CURRENT = 'weights.bin'
const PREVIOUS = 'weights.previous.bin'

/** The user's weights file, or null when the shipped weights are in use. */
export function readUserWeights(folder: string): Uint8Array | null {
  const path = join(folder, CURRENT)
  return existsSync(path) ? readFileSync(path) : null
}

/** Installs new weights; the old ones are kept for one undo. Returns their path. */
export function replaceUserWeights(folder: string, bytes: Uint8Array): string {
  const current = join(folder, CURRENT)
  // An empty file means the shipped weights.
  replacePrivateFile(join(folder, PREVIOUS), readUserWeights(folder) ?? '')
  replacePrivateFile(current, bytes)
  return current
}

/** Takes the last replacement back. Throws E_EMPTY when there is none. */
export function undoUserWeights(folder: string): 'previous' | 'shipped' {
  const [current, previous] = [join(folder, CURRENT), join(folder, PREVIOUS)]
  if (!existsSync(previous)) throw new Fault('E_EMPTY', 'No weights were replaced.', { hint: 'The present weights are the only ones.' })
  if (readFileSync(previous).length === 0) {
    rmSync(current, { force: true })
    rmSync(previous)
    return 'shipped'
  }
  renameSync(previous, current)
  return 'previous'
}
