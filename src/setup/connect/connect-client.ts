import { rmSync } from 'node:fs'
import { asFault, Fault, isJson } from '../../kit/index.js'
import { applyChanges, revertChanges } from '../edit/apply-changes.js'
import { notEditable } from '../edit/format.js'
import type { Machine } from '../machine.js'
import type { Client, FileEdit, Target } from './client.js'
import { type FileState, followLinks, readState, removeEmptyFolders, replaceFile, textOf } from './client-file.js'
import { type ConnectionRecord, type RecordedFile, readRecord, recordFolder, removeRecord, writeRecord } from './connection-record.js'
import { type DiffLine, showDiff } from './show-diff.js'

/** A file of a client as it would be once it is connected. */
export interface FileChange {
  readonly path: string
  readonly exists: boolean
  /** Empty when the file is already correct. */
  readonly diff: readonly DiffLine[]
}

interface Connection {
  readonly files: readonly FileChange[]
  /** Keeps a backup and writes; returns the paths that changed. */
  write(): readonly string[]
}

/** Files that did not exist hold a credential from now on. */
const NEW_FILE_MODE = 0o600

/** What connecting a client means on this machine; nothing is changed before `write`. Throws E_CONFIG when a file cannot be edited safely. */
export function connectClient(
  client: Client,
  target: Target,
  { machine, configFolder }: { readonly machine: Machine; readonly configFolder: string },
): Connection {
  const folder = recordFolder(configFolder, client.id)
  const earlier = readRecord(folder)
  const obstacle = client.obstacle?.(machine) ?? null
  if (obstacle !== null) throw notEditable(obstacle)
  const planned = (client.files?.(target, machine) ?? []).map((edit) => planFile(client, edit, earlier))
  return {
    files: planned.map(({ path, current, after }) => ({
      path,
      exists: current !== null,
      diff: showDiff(current?.bytes.toString('utf8') ?? '', after.toString('utf8')),
    })),
    write: () => writeFiles(planned, { client: client.id, url: target.url, earlier, folder }),
  }
}

/** The required contents of a client's files, as if they were new: for editing by hand. */
export function settingsFor(client: Client, target: Target, machine: Machine): readonly { readonly path: string; readonly text: string }[] {
  return (client.files?.(target, machine) ?? []).map(({ path, format, changes }) => ({ path, text: applyChanges('', format, changes) }))
}

interface PlannedFile extends RecordedFile {
  /** As it stands now, which is not what to go back to when we wrote it before. */
  readonly current: FileState | null
}

/** Throws E_CONFIG, naming the file, when it cannot be edited safely. */
function planFile(client: Client, edit: FileEdit, record: ConnectionRecord | null): PlannedFile {
  const { format, changes } = edit
  const path = followLinks(edit.path)
  try {
    const current = readState(path)
    const text = textOf(current, path)
    const earlier = record?.files.find((file) => file.path === path)
    const before = earlier === undefined || current === null ? current : withoutEarlier(current, earlier, edit)
    // Settings that the client would not read are better not written.
    if (edit.strict && text.trim() !== '' && !isJson(text.replace(/^\uFEFF/, '')))
      throw notEditable(`${client.title} sets this file aside as a whole, since it is no strict JSON (comments, trailing commas)`)
    const after = Buffer.from(applyChanges(text, format, changes), 'utf8')
    return { path, format, changes, current, before, after, madeFolders: earlier?.madeFolders ?? [] }
  } catch (error) {
    const { code, message, hint } = asFault(error)
    throw new Fault(code, message.includes(path) ? message : `${path}: ${message}`, { hint, cause: error })
  }
}

/** The result of an undo: the file before our first change, with what others have changed since. */
function withoutEarlier(current: FileState, earlier: RecordedFile, { format }: FileEdit): FileState | null {
  if (current.bytes.equals(earlier.after)) return earlier.before
  const text = revertChanges(textOf(current, earlier.path), textOf(earlier.before, earlier.path), format, earlier.changes)
  return earlier.before === null && text.trim() === '' ? null : { bytes: Buffer.from(text, 'utf8'), mode: current.mode }
}

/** Backs the files up, then writes them. Either all are written or none. Returns the paths that changed. */
function writeFiles(
  planned: readonly PlannedFile[],
  {
    client,
    url,
    earlier,
    folder,
  }: Omit<ConnectionRecord, 'files'> & { readonly earlier: ConnectionRecord | null; readonly folder: string },
): readonly string[] {
  const changed = planned.filter(({ current, after }) => current === null || !current.bytes.equals(after))
  if (changed.length === 0 && earlier !== null) return []
  const others = earlier?.files.filter(({ path }) => !planned.some((file) => file.path === path)) ?? []
  const made = new Map<string, readonly string[]>()
  const record = (): ConnectionRecord => ({
    client,
    url,
    files: [...planned.map((file) => ({ ...file, madeFolders: [...file.madeFolders, ...(made.get(file.path) ?? [])] })), ...others],
  })
  // First the way back, then the change.
  writeRecord(folder, record())
  try {
    for (const { path, after, current } of changed) made.set(path, replaceFile(path, after, current?.mode ?? NEW_FILE_MODE))
  } catch (error) {
    for (const { path, current } of changed.filter((file) => made.has(file.path))) {
      if (current === null) rmSync(path, { force: true })
      else replaceFile(path, current.bytes, current.mode)
    }
    removeEmptyFolders([...made.values()].flat())
    if (earlier === null) removeRecord(folder)
    else writeRecord(folder, earlier)
    throw error
  }
  writeRecord(folder, record())
  return changed.map(({ path }) => path)
}
