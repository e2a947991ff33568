import { isUtf8 } from 'node:buffer'
import type { WireFormat } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'
import type { Codec } from '../wire/index.js'

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

/** What a client meant by a header's value: Node reads its bytes as Latin-1, and most clients write UTF-8. */
export function headerText(value: string | undefined): string | undefined {
  if (value === undefined || PLAIN.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) && bytes.toString('latin1') === value ? bytes.toString('utf8') : value
}

const PLAIN = /^[\x20-\x7e]*$/

/** Answers with an error in the client's own format. Only for before the first byte. */
export function writeFault(outlet: Outlet, codec: Codec, fault: Fault, headers: Readonly<Record<string, string>>): void {
  const rendered = codec.writeFault(fault)
  outlet.head(rendered.status, { 'content-type': 'application/json', ...rendered.headers, ...headers })
  outlet.end(JSON.stringify(rendered.body))
}
