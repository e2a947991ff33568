import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Example, formatExamples, parseExamples } from '../../classify/index.js'
import { replacePrivateFile } from '../../kit/index.js'

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
