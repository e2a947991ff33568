import { rmSync } from 'node:fs'
import { Fault } from '../../kit/index.js'
import { revertChanges } from '../edit/apply-changes.js'
import type { Client } from './client.js'
import { type FileState, readState, removeEmptyFolders, replaceFile, textOf } from './client-file.js'
import type { FileChange } from './connect-client.js'
import { type ConnectionRecord, type RecordedFile, readRecord, recordFolder, removeRecord } from './connection-record.js'
import { showDiff } from './show-diff.js'

/** What to do with a file that somebody changed after us. */
type OnChanged =
  /** Touch nothing and say so. */
  | 'refuse'
  /** Take out our settings alone. */
  | 'keep'
  /** Put the backup back; the changes are lost. */
  | 'overwrite'

/**
 * Puts a client's files back, byte for byte, and forgets the connection; returns the paths that were put back or removed. Throws E_EMPTY
 * when it is not connected, E_CONFLICT when files were changed since and `onChanged` is `refuse`.
 */
export function disconnectClient(
  client: Client,
  { configFolder, onChanged }: { readonly configFolder: string; readonly onChanged: OnChanged },
): readonly string[] {
  const folder = recordFolder(configFolder, client.id)
  const record = readRecord(folder)
  if (record === null)
    throw new Fault('E_EMPTY', `${client.title} is not connected by llmroute: there is nothing to undo.`, {
      hint: `\`llmroute connect ${client.id}\` shows how to connect it.`,
    })
  const changed = changedFiles(record).map(({ file }) => file)
  if (changed.length > 0 && onChanged === 'refuse')
    throw new Fault('E_CONFLICT', `${changed.map(({ path }) => path).join(' and ')} changed after llmroute wrote to it.`, {
      hint: 'Use --keep to take out the settings of llmroute alone, or --force to put the backup back and lose those changes.',
    })
  // All new contents are known before the first is written: a file that cannot be read changes nothing.
  const targets = record.files.map((file) => ({
    file,
    wanted: onChanged === 'keep' && changed.includes(file) ? withoutOurs(file) : file.before,
  }))
  const touched = targets.filter(({ file, wanted }) => !isSame(readState(file.path), wanted))
  for (const { file, wanted } of touched) {
    if (wanted === null) rmSync(file.path, { force: true })
    else replaceFile(file.path, wanted.bytes, wanted.mode)
  }
  removeEmptyFolders(targets.flatMap(({ file, wanted }) => (wanted === null ? file.madeFolders : [])))
  removeRecord(folder)
  return touched.map(({ file }) => file.path)
}

/** What somebody changed in a client's files after they were written. */
export function changesSince(client: Client, configFolder: string): readonly FileChange[] {
  const record = readRecord(recordFolder(configFolder, client.id))
  return (record === null ? [] : changedFiles(record)).map(({ file, current }) => ({
    path: file.path,
    exists: true,
    diff: showDiff(file.after.toString('utf8'), current?.bytes.toString('utf8') ?? ''),
  }))
}

/** Files that are neither as we left them nor as they were before. */
function changedFiles({ files }: ConnectionRecord) {
  return files
    .map((file) => ({ file, current: readState(file.path) }))
    .filter(({ file: { before, after }, current }) =>
      current === null ? before !== null : !current.bytes.equals(after) && before?.bytes.equals(current.bytes) !== true,
    )
}

function withoutOurs({ path, format, changes, before }: RecordedFile): FileState | null {
  const current = readState(path)
  if (current === null) return null
  const text = revertChanges(textOf(current, path), textOf(before, path), format, changes)
  return before === null && /^[\s{}]*$/.test(text) ? null : { bytes: Buffer.from(text, 'utf8'), mode: current.mode }
}

function isSame(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null ? a === b : a.bytes.equals(b.bytes) && a.mode === b.mode
}
