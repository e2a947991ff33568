import { rmSync } from 'node:fs'
import { Fault } from '../../kit/index.js'
import { revertChanges } from '../edit/apply-changes.js'
import { type FileState, readState, removeEmptyFolders, replaceFile, textOf } from './client-file.js'
import { type ConnectionRecord, type RecordedFile, removeRecord } from './connection-record.js'

/** What to do with a file that somebody changed after us. */
export type OnChanged =
  /** Touch nothing and say so. */
  | 'refuse'
  /** Take out our settings alone. */
  | 'keep'
  /** Put the backup back; the changes are lost. */
  | 'overwrite'

/** Files that are no longer as we left them. */
export function changedSince({ files }: ConnectionRecord) {
  return files.flatMap((file) => {
    const current = readState(file.path)
    const known = [file.before?.bytes, file.after].some((bytes) => bytes !== undefined && current?.bytes.equals(bytes) === true)
    if (known || (current === null && file.before === null)) return []
    return [{ path: file.path, written: file.after.toString('utf8'), found: current?.bytes.toString('utf8') ?? '' }]
  })
}

/**
 * Puts every file back, byte for byte, and forgets the connection. Throws E_CONFLICT when files were changed since and `onChanged`
 * is `refuse`. Returns the paths that were put back or removed.
 */
export function undoConnection(record: ConnectionRecord, folder: string, onChanged: OnChanged): readonly string[] {
  const changed = changedSince(record)
  if (changed.length > 0 && onChanged === 'refuse')
    throw new Fault('E_CONFLICT', `${changed.map(({ path }) => path).join(' and ')} changed after llmroute wrote to it.`, {
      hint: 'Use --keep to take out the settings of llmroute alone, or --force to put the backup back and lose those changes.',
    })
  const keep = onChanged === 'keep' ? changed.map(({ path }) => path) : []
  // All new contents are known before the first is written: a file that cannot be read changes nothing.
  const targets = record.files.map((file) => ({ file, wanted: keep.includes(file.path) ? withoutOurs(file) : file.before }))
  const touched = targets.filter(({ file, wanted }) => !same(readState(file.path), wanted))
  for (const { file, wanted } of touched) {
    if (wanted === null) rmSync(file.path, { force: true })
    else replaceFile(file.path, wanted.bytes, wanted.mode)
  }
  removeEmptyFolders(targets.flatMap(({ file, wanted }) => (wanted === null ? file.madeFolders : [])))
  removeRecord(folder)
  return touched.map(({ file }) => file.path)
}

function withoutOurs({ path, format, changes, before }: RecordedFile): FileState | null {
  const current = readState(path)
  if (current === null) return null
  const text = revertChanges(textOf(current, path), textOf(before, path), format, changes)
  return before === null && /^[\s{}]*$/.test(text) ? null : { bytes: Buffer.from(text, 'utf8'), mode: current.mode }
}

function same(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null ? a === b : a.bytes.equals(b.bytes) && a.mode === b.mode
}
