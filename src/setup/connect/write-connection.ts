import { rmSync } from 'node:fs'
import { removeEmptyFolders, replaceFile } from './client-file.js'
import { type ConnectionRecord, type RecordedFile, removeRecord, writeRecord } from './connection-record.js'
import type { PlannedFile } from './plan-connection.js'

/** Files that did not exist hold a credential from now on. */
const NEW_FILE_MODE = 0o600

interface WriteOptions {
  /** Where the record of this client goes. */
  readonly folder: string
  readonly client: string
  readonly url: string
  readonly earlier: ConnectionRecord | null
}

/** Backs the files up, then writes the planned ones. Either all are written or none. Returns the paths that changed. */
export function writeConnection(planned: readonly PlannedFile[], options: WriteOptions): readonly string[] {
  const { folder, client, url, earlier } = options
  const changed = planned.filter(({ current, after }) => current === null || !current.bytes.equals(after))
  const others = earlier?.files.filter(({ path }) => !planned.some((file) => file.path === path)) ?? []
  const record = (files: readonly RecordedFile[]): ConnectionRecord => ({ client, url, files: [...files, ...others] })
  const madeFor = (path: string): readonly string[] => earlier?.files.find((file) => file.path === path)?.madeFolders ?? []
  const files = planned.map(({ current: _, ...file }) => ({ ...file, madeFolders: madeFor(file.path) }))
  if (changed.length === 0 && earlier !== null) return []
  // First the way back, then the change.
  writeRecord(folder, record(files))
  const done: PlannedFile[] = []
  const made = new Map<string, readonly string[]>()
  try {
    for (const file of changed) {
      made.set(file.path, replaceFile(file.path, file.after, file.current?.mode ?? NEW_FILE_MODE))
      done.push(file)
    }
  } catch (error) {
    for (const { path, current } of done) {
      if (current === null) rmSync(path, { force: true })
      else replaceFile(path, current.bytes, current.mode)
    }
    removeEmptyFolders([...made.values()].flat())
    if (earlier === null) removeRecord(folder)
    else writeRecord(folder, earlier)
    throw error
  }
  writeRecord(folder, record(files.map((file) => ({ ...file, madeFolders: [...file.madeFolders, ...(made.get(file.path) ?? [])] }))))
  return changed.map(({ path }) => path)
}
