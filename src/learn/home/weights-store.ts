import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, replacePrivateFile } from '../../kit/index.js'

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
