import type { WireFormat } from '../../canonical/index.js'

/** One request to the provider's own host; paths are relative to what its SDK takes as base URL. Throws a Fault when no answer comes. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>

interface ApiRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly type?: string
  readonly body?: string | Uint8Array
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

export interface Outgoing {
  /** Names the batch among ours. */
  readonly id: string
  /** The name sent upstream. */
  readonly model: string
  /** Format of the bodies. */
  readonly format: WireFormat
  readonly items: readonly OutgoingItem[]
}

export interface OutgoingItem {
  /** Letters, digits, `-` and `_`, at most 64. */
  readonly id: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A provider's result for one item. `body` of an error is in the provider's own format. */
export type ItemResult =
  | { readonly id: string; readonly kind: 'ok'; readonly body: unknown }
  | { readonly id: string; readonly kind: 'error'; readonly status: number; readonly body: unknown }
  | { readonly id: string; readonly kind: 'expired' | 'cancelled' }

export type Polled = { readonly kind: 'running' } | { readonly kind: 'ended'; readonly results: readonly ItemResult[] }

/** A provider's batch API. Calls throw a Fault for an answer that is an error. */
export interface BatchApi {
  /** Longest batch, bytes of all bodies. */
  readonly maxBytes: number
  /** Returns the provider's name of the new batch. */
  create(batch: Outgoing, send: Send): Promise<string>
  /** The batch that an earlier `create` made although its answer was lost; null when there is none. */
  find(batch: Sought, send: Send): Promise<string | null>
  poll(remote: string, send: Send): Promise<Polled>
  cancel(remote: string, send: Send): Promise<void>
}

interface Sought {
  readonly id: string
  readonly madeAt: number
  readonly lines: number
  /** Remote names that are known to be other batches. */
  readonly others: ReadonlySet<string>
}
