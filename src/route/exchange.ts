import type { WireFormat } from '../canonical/index.js'

/** A request of a client as it reached us, from a socket or from inside the process. */
export interface Inbound {
  readonly format: WireFormat
  readonly action: Action
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  /** Gemini names model and streaming in the path. */
  readonly urlModel?: string | undefined
  readonly urlStream?: boolean | undefined
  /** Monotonic milliseconds at which its first byte arrived. */
  readonly arrived: number
  /** No connection is held open for the answer, so batch tiers may serve it. */
  readonly mayBatch?: boolean
  /** Name of the local key it came with, when there are such keys. */
  readonly key?: LocalKey | null
}

export type Action = 'generate' | 'count-tokens' | 'embeddings' | 'completions'

export interface LocalKey {
  readonly name: string
  readonly tier: string | null
  readonly profile: string | null
}

/** Where the answer goes. `head` comes first and once, then pieces, then `end`. */
export interface Outlet {
  head(status: number, headers: Readonly<Record<string, string>>): void
  /** False when the reader is slow: hold back until `onDrain`. */
  write(chunk: Uint8Array | string): boolean
  end(chunk?: Uint8Array | string): void
  onDrain(listener: () => void): void
  /** Called once if the client goes away before `end`. */
  onGone(listener: () => void): void
}

/** For calls whose answer no client waits for. */
export const NOWHERE: Outlet = { head: () => {}, write: () => true, end: () => {}, onDrain: () => {}, onGone: () => {} }
