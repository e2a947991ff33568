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

/** As stored: the bytes of each file before and after are in files beside it. */
interface StoredRecord {
  readonly version: 1
  readonly client: string
  readonly url: string
  readonly files: readonly (Omit<RecordedFile, 'before' | 'after'> & { readonly mode: number | null })[]
}

/** The folder of a client's record: the original files, byte for byte, and what was changed in them. */
export function recordFolder(configFolder: string, client: string): string {
  return join(configFolder, 'connections', client)
}

/** Null when the client was not connected by us. */
export function readRecord(folder: string): ConnectionRecord | null {
  let stored: StoredRecord
  try {
    stored = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as StoredRecord
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
  const stored: StoredRecord = {
    version: 1,
    client,
    url,
    files: files.map(({ path, format, changes, madeFolders, before }) => ({
      path,
      format,
      changes,
      madeFolders,
      mode: before?.mode ?? null,
    })),
  }
  writeFileSync(join(folder, 'record.json'), `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 })
}

export function removeRecord(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
