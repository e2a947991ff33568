import type { Reply, Usage } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'

/** What becomes of a piece of a provider's stream. */
export interface PassStep {
  /** For the client now. */
  readonly out: Uint8Array | string
  /** For the client once the call is settled: the event that ends the answer and what comes with it. */
  readonly tail: string
  /** The provider reports an error in the stream, or ended it too soon. */
  readonly error: Fault | null
}

export const NO_STEP: PassStep = { out: '', tail: '', error: null }

/** One way for a stream to go through: its bytes as they are, or translated. State inside, one a stream. */
export interface StreamPass {
  push(bytes: Buffer): PassStep
  /** A sign of life for the client, in formats that have one; empty before the provider has begun to answer. */
  ping?(): string
  /** The provider's stream ended. */
  end(): PassStep
  /** An error as the client's format has it in the middle of this very answer; absent where the answer is not ours to write. */
  fail?(fault: Fault): string
  /** Something of the answer itself was seen: more than its heading, or comments that only keep the connection open. */
  readonly begun: boolean
  /** The event that ends the answer was seen. */
  readonly done: boolean
  /** An error of the provider went through to the client. */
  readonly passedError: boolean
  seen(): { readonly usage: Usage; readonly outputChars: number; readonly finish: string | null }
  /** The whole answer, put together when asked. */
  readonly reply: () => Reply
}
