import { existsSync } from 'node:fs'
import { asFault } from '../../kit/index.js'
import { readSetting } from '../edit/apply-changes.js'
import type { Machine } from '../machine.js'
import type { Client, Target } from './client.js'
import { readState, textOf } from './client-file.js'
import { readRecord, recordFolder } from './connection-record.js'

export interface ClientState {
  readonly client: Client
  readonly installed: boolean
  /** Connected by `connect --write`: the address that was written. */
  readonly connectedTo: string | null
  /** The address that its settings name now, without a path; null when they name none. */
  readonly pointsAt: string | null
  /** The file that holds, or would hold, the address. */
  readonly file: string | null
  readonly unreadable: string | null
}

/** Only a row's paths are used here, and these do not depend on where it points. */
const ANYWHERE: Target = { url: 'http://127.0.0.1', key: '-', keyNeeded: false, profile: null, at: '' }

/** Reads what is on this machine; changes nothing and never throws. */
export function lookAtClient(client: Client, machine: Machine, configFolder: string): ClientState {
  const edit = client.files?.(ANYWHERE, machine).find(({ address }) => address !== undefined)
  const record = readRecord(recordFolder(configFolder, client.id))
  const base = {
    client,
    installed: client.traces(machine).some((path) => existsSync(path)),
    connectedTo: record?.url ?? null,
    file: edit?.path ?? null,
  }
  if (edit?.address === undefined) return { ...base, pointsAt: null, unreadable: null }
  try {
    const found = readSetting(textOf(readState(edit.path), edit.path), edit.format, edit.address)
    return { ...base, pointsAt: typeof found === 'string' ? originOf(found) : null, unreadable: null }
  } catch (error) {
    return { ...base, pointsAt: null, unreadable: asFault(error).message }
  }
}

/** `http://127.0.0.1:4141/v1` as `http://127.0.0.1:4141`; anything but an address stays unchanged. */
export function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address
}
