import { asFault, Fault, isJson } from '../../kit/index.js'
import { applyChanges, revertChanges } from '../edit/apply-changes.js'
import { notEditable } from '../edit/format.js'
import type { Machine } from '../machine.js'
import type { Client, FileEdit, Target } from './client.js'
import { type FileState, followLinks, readState, textOf } from './client-file.js'
import type { ConnectionRecord, RecordedFile } from './connection-record.js'

/** What `--write` would do to one file. */
export interface PlannedFile extends Omit<RecordedFile, 'after' | 'madeFolders'> {
  /** As it stands now, which is not what to go back to when we wrote it before. */
  readonly current: FileState | null
  readonly after: Buffer
}

/** Every file of the client with its new content. Throws E_CONFIG, naming the file, when one cannot be edited safely. */
export function planConnection(
  client: Client,
  target: Target,
  { machine, record }: { readonly machine: Machine; readonly record: ConnectionRecord | null },
): readonly PlannedFile[] {
  const obstacle = client.obstacle?.(machine) ?? null
  if (obstacle !== null) throw notEditable(obstacle)
  return (client.files?.(target, machine) ?? []).map((edit) => {
    const path = followLinks(edit.path)
    try {
      const current = readState(path)
      const before = original(
        current,
        edit,
        record?.files.find((file) => file.path === path),
      )
      if (edit.strict) refuseLoose(client.title, textOf(current, path))
      const after = Buffer.from(applyChanges(textOf(current, path), edit.format, edit.changes), 'utf8')
      return { path, format: edit.format, changes: edit.changes, current, before, after }
    } catch (error) {
      const { code, message, hint } = asFault(error)
      throw new Fault(code, message.includes(path) ? message : `${path}: ${message}`, {
        hint,
        cause: error,
      })
    }
  })
}

/** Settings that the client would not read are better not written. */
function refuseLoose(title: string, text: string): void {
  if (text.trim() !== '' && !isJson(text.replace(/^\uFEFF/, '')))
    throw notEditable(`${title} sets this file aside as a whole, since it is no strict JSON (comments, trailing commas)`)
}

/** The result of an undo: the file before our first change, with what others have changed since. */
function original(current: FileState | null, edit: FileEdit, earlier: RecordedFile | undefined): FileState | null {
  if (earlier === undefined || current === null) return current
  if (current.bytes.equals(earlier.after)) return earlier.before
  const text = revertChanges(textOf(current, earlier.path), textOf(earlier.before, earlier.path), edit.format, earlier.changes)
  return earlier.before === null && text.trim() === '' ? null : { bytes: Buffer.from(text, 'utf8'), mode: current.mode }
}
