import { Fault } from '../../kit/index.js'
import { applyChanges } from '../edit/apply-changes.js'
import type { Machine } from '../machine.js'
import type { Client, Target } from './client.js'
import { readRecord, recordFolder } from './connection-record.js'
import { planConnection } from './plan-connection.js'
import { type DiffLine, showDiff } from './show-diff.js'
import { changedSince, type OnChanged, undoConnection } from './undo-connection.js'
import { writeConnection } from './write-connection.js'

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

/** What connecting a client means on this machine; nothing is changed before `write`. Throws E_CONFIG when a file cannot be edited safely. */
export function connectClient(
  client: Client,
  target: Target,
  { machine, configFolder }: { readonly machine: Machine; readonly configFolder: string },
): Connection {
  const folder = recordFolder(configFolder, client.id)
  const earlier = readRecord(folder)
  const planned = planConnection(client, target, { machine, record: earlier })
  return {
    files: planned.map(({ path, current, after }) => ({
      path,
      exists: current !== null,
      diff: showDiff(current?.bytes.toString('utf8') ?? '', after.toString('utf8')),
    })),
    write: () => writeConnection(planned, { folder, client: client.id, url: target.url, earlier }),
  }
}

/** The required contents of a client's files, as if they were new: for editing by hand. */
export function settingsFor(client: Client, target: Target, machine: Machine): readonly { readonly path: string; readonly text: string }[] {
  return (client.files?.(target, machine) ?? []).map(({ path, format, changes }) => ({ path, text: applyChanges('', format, changes) }))
}

/** Puts a client's files back; returns the paths. Throws E_EMPTY when it is not connected, E_CONFLICT when its files changed since. */
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
  return undoConnection(record, folder, onChanged)
}

/** What somebody changed in a client's files after they were written. */
export function changesSince(client: Client, configFolder: string): readonly FileChange[] {
  const record = readRecord(recordFolder(configFolder, client.id))
  if (record === null) return []
  return changedSince(record).map(({ path, written, found }) => ({ path, exists: true, diff: showDiff(written, found) }))
}
