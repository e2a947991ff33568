import type { Reply, Usage } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'

/** What happens to a piece of a provider's stream. */
export interface PassStep {
  /** For the client now. */
  readonly out: Uint8Array | string
  /** Sent once the call is settled: the event that ends the answer and what belongs to it. */
  readonly tail: string
  /** The provider reports an error in the stream, or ended it too soon. */
  readonly error: Fault | null
}

export const NO_STEP: PassStep = { out: '', tail: '', error: null }

/** How a stream passes through: unchanged or translated. Holds state; one per stream. */
export interface StreamPass {
  push(bytes: Buffer): PassStep
  /** A sign of life for the client, in formats that have one; empty before the provider has begun to answer. */
  ping?(): string
  /** The provider's stream ended. */
  end(): PassStep
  /** An error in the client's format inside this very answer; absent when llmroute does not write the answer. */
  fail?(fault: Fault): string
  /** Something of the answer itself was seen: more than its heading, or comments that only keep the connection open. */
  readonly begun: boolean
  /** The event that ends the answer was seen. */
  readonly done: boolean
  /** An error of the provider went through to the client. */
  readonly passedError: boolean
  seen(): { readonly usage: Usage; readonly outputChars: number; readonly finish: string | null }
  /** The complete answer, assembled on request. */
  readonly reply: () => Reply
}
