import { chmodSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault, makeFolder } from '../../kit/index.js'

/** A file of another program as it stands; null when it does not exist. */
export interface FileState {
  readonly bytes: Buffer
  readonly mode: number
}

/** Throws E_CONFIG when it is there but cannot be read. */
export function readState(path: string): FileState | null {
  try {
    return { bytes: readFileSync(path), mode: statSync(path).mode & 0o777 }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw unusable(path, 'read', error)
  }
}

/** The text of a file, empty when there is none. Throws E_CONFIG for text that is not UTF-8: it could not be restored. */
export function textOf(state: FileState | null, path: string): string {
  if (state === null) return ''
  const text = state.bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(state.bytes)) return text
  throw new Fault('E_CONFIG', `${path} is not UTF-8 text`, { hint: 'Save it as UTF-8, or make the change by hand.' })
}

/** Where the bytes really are: links into a folder of dotfiles stay links. */
export function followLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Puts the bytes there in one step, so that no reader sees half of them. Returns the folders that had to be made, outermost first. */
export function replaceFile(path: string, bytes: Buffer, mode: number): readonly string[] {
  const draft = `${path}.llmroute-${process.pid}`
  try {
    const made = makeFolders(dirname(path))
    writeFileSync(draft, bytes, { mode })
    chmodSync(draft, mode)
    renameSync(draft, path)
    return made
  } catch (error) {
    rmSync(draft, { force: true })
    throw unusable(path, 'written', error)
  }
}

export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of [...new Set(folders)].sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(folder)
    } catch {
      // Something else lives there now.
    }
  }
}

function makeFolders(folder: string): readonly string[] {
  const first = makeFolder(folder)
  const made: string[] = []
  for (let at = folder; first !== undefined && at.length >= first.length; at = dirname(at)) made.unshift(at)
  return made
}

function unusable(path: string, verb: string, cause: unknown): Fault {
  return new Fault('E_CONFIG', `${path} could not be ${verb} (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`, {
    hint: 'Check its rights and those of its folder.',
    cause,
  })
}
