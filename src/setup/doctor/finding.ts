import type { LoadedConfig, Pool } from '../../config/index.js'
import type { Daemon } from '../../control/index.js'
import type { Fault } from '../../kit/index.js'
import type { Machine } from '../machine.js'

/** `error`: something does not work. `warning`: it may not, or not for long. `note`: worth knowing. */
type Severity = 'ok' | 'note' | 'warning' | 'error'

export interface Finding {
  readonly check: string
  readonly severity: Severity
  /** One sentence, without any secret. */
  readonly text: string
  /** What to do about it; null when nothing has to be done. */
  readonly fix: string | null
}

export interface Reached {
  readonly status: number
  /** Its clock, milliseconds since the epoch; null when it does not report it. */
  readonly dateMs: number | null
}

interface DoctorPorts {
  readonly nowMs: () => number
  /** Requests an address without credentials. Rejects with a Fault that says why there was no answer. */
  readonly reach: (url: string) => Promise<Reached>
  /** Bytes free for this user on the disk of a folder that exists; null when that cannot be known. */
  readonly freeBytes: (folder: string) => Promise<number | null>
  /** Whether a server could listen there. */
  readonly isPortFree: (host: string, port: number) => Promise<boolean>
  /** Sends a call of a few tokens to one model; null unless that was asked for. */
  readonly tryModel: ((id: string) => Promise<TriedModel>) | null
}

type TriedModel = { readonly ok: true; readonly latencyMs: number | null } | { readonly ok: false; readonly error: string }

/** What to examine; anything that could not be read is the Fault that says why. */
export interface Patient {
  readonly machine: Machine
  readonly nodeVersion: string
  /** Of this program. */
  readonly version: string
  readonly configFolder: string
  readonly loaded: LoadedConfig | Fault
  readonly pool: Pool | Fault
  /** Probable mistakes in the configuration. */
  readonly doubts: readonly { readonly path: string; readonly text: string }[]
  /** Path of the ledger; null when the configuration that names it cannot be read. */
  readonly ledger: string | null
  readonly daemon: Daemon | null
  readonly ports: DoctorPorts
}

/** A finding as its check reports it: under the check's own name unless it gives another. */
export type Found = Omit<Finding, 'check'> & { readonly check?: string }
export type Check = (patient: Patient) => Promise<readonly Found[]>

export const ok = (text: string): Found => ({ severity: 'ok', text, fix: null })
export const note = (text: string, fix: string | null = null): Found => ({ severity: 'note', text, fix })
export const warning = (text: string, fix: string | null = null): Found => ({ severity: 'warning', text, fix })
export const error = (text: string, fix: string | null): Found => ({ severity: 'error', text, fix })
