import type { Fault } from '../kit/index.js'

/** One request to a provider, ready to send: the body is final, the key is in the headers. */
export interface UpstreamRequest {
  /** As the vendor's own SDK takes it; the path is appended. */
  readonly baseURL: string
  readonly path: string
  /** POST unless given. */
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly timeouts: Timeouts
}

/** Milliseconds. `firstByteMs` runs from the request being sent to the first byte of the answer's body. */
export interface Timeouts {
  readonly connectMs: number
  readonly firstByteMs: number
  readonly idleMs: number
}

/** Lower-case names; a repeated header is joined with a comma. */
export type Headers = Readonly<Record<string, string | undefined>>

/** Takes one piece of the answer; false asks for a pause until `resume()`. */
export type Sink = (chunk: Uint8Array) => boolean

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Called once. Resolves at the clean end of the body; rejects with a Fault when it is cut, stalls or is cancelled. */
  consume(sink: Sink): Promise<void>
  resume(): void
}

/** One attempt under way. Times are monotonic milliseconds, null until the thing happened. */
export interface Flight {
  /** Settles when the first byte of the body is there (or the body is empty): until then another model may take over. */
  readonly answer: Promise<Answer>
  readonly times: { sent: number | null; firstByte: number | null }
  /** Ends the attempt at once; the answer, or its body, rejects with this fault. */
  cancel(fault: Fault): void
}

/** Sends one request. Real providers and the sandbox are both reached through this. */
export type Dispatch = (request: UpstreamRequest) => Flight
