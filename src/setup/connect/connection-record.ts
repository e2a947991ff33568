import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../kit/index.js'
import type { FormatName } from '../edit/apply-changes.js'
import type { Change } from '../edit/format.js'
import type { FileState } from './client-file.js'

/** What was changed in one file of a client, enough to undo it. */
export interface RecordedFile {
  readonly path: string
  readonly format: FormatName
  readonly changes: readonly Change[]
  /** Null: there was no file. */
  readonly before: FileState | null
  readonly after: Buffer
  /** Folders made for it, outermost first. */
  readonly madeFolders: readonly string[]
}

export interface ConnectionRecord {
  readonly client: string
  readonly url: string
  readonly files: readonly RecordedFile[]
}

interface Stored {
  readonly version: 1
  readonly client: string
  readonly url: string
  readonly files: readonly (Pick<RecordedFile, 'path' | 'format' | 'changes' | 'madeFolders'> & { readonly mode: number | null })[]
}

/** The folder of a client's record: the original files, byte for byte, and what was changed in them. */
export function recordFolder(configFolder: string, client: string): string {
  return join(configFolder, 'connections', client)
}

/** Null when the client was not connected by us. */
export function readRecord(folder: string): ConnectionRecord | null {
  let stored: Stored
  try {
    stored = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as Stored
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const files = stored.files.map(({ mode, ...file }, i) => ({
    ...file,
    before: mode === null ? null : { bytes: readFileSync(join(folder, `${i}.before`)), mode },
    after: readFileSync(join(folder, `${i}.after`)),
  }))
  return { client: stored.client, url: stored.url, files }
}

/** For the owner's eyes only: a client's settings hold its credentials. */
export function writeRecord(folder: string, { client, url, files }: ConnectionRecord): void {
  makeFolder(folder, 0o700)
  for (const [i, { before, after }] of files.entries()) {
    if (before !== null) writeFileSync(join(folder, `${i}.before`), before.bytes, { mode: 0o600 })
    writeFileSync(join(folder, `${i}.after`), after, { mode: 0o600 })
  }
  const stored: Stored = {
    version: 1,
    client,
    url,
    files: files.map(({ path, format, changes, madeFolders, before }) => ({
      ...{ path, format, changes, madeFolders },
      mode: before?.mode ?? null,
    })),
  }
  writeFileSync(join(folder, 'record.json'), `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 })
}

export function removeRecord(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
