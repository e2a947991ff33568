import type { FormatName } from '../edit/apply-changes.js'
import type { Change, Path } from '../edit/format.js'
import type { Machine } from '../machine.js'

export interface Target {
  /** Address of the proxy, without a path and without a slash at its end. */
  readonly url: string
  /** Credential to show. Any is accepted on loopback unless `server.key` or local keys are configured. */
  readonly key: string
  /** True when the credential means something and must reach the client. */
  readonly keyNeeded: boolean
  /** Profile to decide under; null for the default. */
  readonly profile: string | null
  /** Time of writing, ISO 8601, for clients that keep one. */
  readonly at: string
}

/** A client's own file and its required contents. */
export interface FileEdit {
  readonly path: string
  readonly format: FormatName
  readonly changes: readonly Change[]
  /** The client ignores the whole JSON file if it contains comments or trailing commas. */
  readonly strict?: true
  /** Which of the changes holds the address; `doctor` reads it. */
  readonly address?: Path
}

/** One client: everything `connect` and `doctor` know of it. */
export interface Client {
  readonly id: string
  readonly title: string
  /** The basis of this row: what it was tested with, or that it was not. */
  readonly basis: string
  /** Files or folders any of which says that it is installed. */
  readonly traces: (machine: Machine) => readonly string[]
  /** Files that `--write` edits. Absent: nothing can be edited. */
  readonly files?: (target: Target, machine: Machine) => readonly FileEdit[]
  /** Why writing would do harm on this machine; null when it would not. */
  readonly obstacle?: (machine: Machine) => string | null
  /** Remaining manual steps, in order; exact fields and values. */
  readonly steps: (target: Target, machine: Machine) => readonly string[]
  /** What does not go through the proxy, in plain sentences. */
  readonly limits: readonly string[]
  /** Environment variables that take precedence over its files. */
  readonly overriddenBy?: readonly string[]
  /** Model names that it requests whatever its settings. */
  readonly asksFor?: readonly string[]
  /** Its requests come from its maker's servers, so that only a public address reaches the proxy. */
  readonly remote?: true
}

/** Name of the virtual model to ask for. */
export function modelOf({ profile }: Target): string {
  return profile === null ? 'auto' : `auto:${profile}`
}

/** The same without a word that has a special meaning to some clients. */
export function neutralModelOf({ profile }: Target): string {
  return profile === null ? 'llmroute-auto' : `llmroute-auto:${profile}`
}

/** A window that every current model has; clients cut their history to it. Tokens. */
export const SAFE_WINDOW = { context: 200_000, output: 32_000 } as const
