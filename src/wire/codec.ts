import type { Accepts, Event, Loss, Reply, Request, Usage, WireFormat } from '../canonical/index.js'
import type { Fault, SseEvent } from '../kit/index.js'
import type { Headers } from './faults.js'
import type { Json } from './json.js'

export interface ReadContext {
  readonly headers: Headers
  /** Gemini names the model and the action in the path. */
  readonly urlModel?: string | undefined
  readonly urlStream?: boolean | undefined
}

/** What a codec needs to know about the model that a request is written for. */
export interface Target {
  /** The name sent upstream. */
  readonly name: string
  readonly accepts: Accepts
  /** Reasoning with a signature is kept only when it was made by this very model: the rule where `signedHere` says nothing. */
  readonly keepsReasoning: boolean
  /** Signatures of the request whose maker is known: whether it was this very model. */
  readonly signedHere?: ReadonlyMap<string, boolean>
  /** Clamp of the output limit; null leaves the client's. */
  readonly clampOutput: number | null
}

export interface Written {
  readonly body: Json
  readonly losses: readonly Loss[]
  /** Tool names as sent to the target, each with the client's own if they differ. */
  readonly names?: ReadonlyMap<string, string>
}

/** How an answer is to be presented to the client. */
export interface ReplyContext {
  readonly id: string
  /** Model name shown to the client. */
  readonly model: string
  /** Seconds since the epoch. */
  readonly created: number
  /** openai-chat: whether a usage chunk was asked for. */
  readonly streamUsage: boolean
  /** The request, where the format echoes parts of it (Responses). */
  readonly request?: Request
  /** Estimated prompt tokens, for the format that must name them before the provider does (Anthropic's message_start); 1 unless given. */
  readonly inputTokens?: number
}

/** Turns a provider's stream into events; one instance a stream, state explicit inside. */
export interface EventReader {
  /** Gemini without `alt=sse` streams the elements of an array: they come as events of the same shape. */
  read(event: SseEvent): readonly Event[]
  /** The stream ended; anything unfinished is finished or reported as an error event. */
  end(): readonly Event[]
}

/** Turns events into the text of the client's stream, framing included. */
export interface EventWriter {
  write(event: Event): string
  /** A ping while a provider of another format is silent, in formats that have one; including what must precede it. */
  ping?(): string
}

/** Reads usage from a relayed stream without turning it into events. */
export interface UsageTap {
  /**
   * A look at whole events' bytes, without decoding them: counts their output characters (an estimate will do) and returns
   * true when `see` must be given these events. Absent: `see` gets every event.
   */
  skim?(bytes: Buffer): boolean
  /** Sees one event; returns true when it should be hidden from the client (a usage chunk it did not ask for). */
  see(event: SseEvent): boolean
  usage(): Usage
  /** Finish reason, error and model as the provider named them, when seen. */
  readonly seen: { finish?: string; error?: Fault; model?: string; done: boolean; outputChars: number }
}

/** Keys and indices from the top of the body. */
export type JsonPath = readonly (string | number)[]

/** The closed list of changes made to a relayed body. `model` is always allowed; each other one is recorded. */
export type Splice =
  | { readonly kind: 'model'; readonly value: string }
  | { readonly kind: 'limit'; readonly field: string; readonly value: number; readonly path?: JsonPath }
  | { readonly kind: 'include-usage' }
  | { readonly kind: 'drop'; readonly field: string; readonly why: string; readonly path?: JsonPath; readonly matters?: boolean }
  | { readonly kind: 'rename'; readonly field: string; readonly to: string }
  /** `path`: where the value stands when not at the top level; `field` is then its dotted name, for the record. `matters` as in Loss. */
  | {
      readonly kind: 'set'
      readonly field: string
      readonly value: unknown
      readonly why: string
      readonly path?: JsonPath
      readonly matters?: boolean
    }
  /** A new item of an array, before the one at `path`. */
  | { readonly kind: 'insert'; readonly field: string; readonly value: unknown; readonly why: string; readonly path: JsonPath }
  /** `paths`: the values (items, or keys of objects) to take out; an item left empty by it is to be named itself. */
  | { readonly kind: 'drop-all'; readonly field: string; readonly why: string; readonly paths: readonly JsonPath[] }

/** Another value at a place in the body. `matters` as in Loss. */
export function setAt(path: JsonPath, value: unknown, why: string, matters?: true): Splice {
  return { kind: 'set', field: path.join('.'), path, value, why, ...(matters && { matters }) }
}

/** Nothing at a place in the body. `matters` as in Loss. */
export function dropAt(path: JsonPath, why: string, matters?: true): Splice {
  return { kind: 'drop', field: path.join('.'), path, why, ...(matters && { matters }) }
}

export interface RenderedFault {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
}

/** One wire format, both directions. Pure: bytes and JSON in, values out. */
export interface Codec {
  readonly format: WireFormat
  /** Throws Fault E_BAD_REQUEST with `param` for a malformed body. */
  readRequest(body: unknown, context: ReadContext): Request
  writeRequest(request: Request, target: Target): Written
  /** Path and headers of the upstream call, relative to what the vendor's SDK takes as base URL. */
  endpoint(name: string, stream: boolean): string
  authHeaders(key: string): Readonly<Record<string, string>>
  /** Whether an answer's JSON is an answer of this format. */
  isReply(body: unknown): boolean
  readReply(body: unknown): Reply
  writeReply(reply: Reply, context: ReplyContext): Json
  eventReader(): EventReader
  eventWriter(context: ReplyContext): EventWriter
  usageTap(hideUsage: boolean): UsageTap
  /** Data of the events that precede the answer itself; an error after them has not yet reached the client. */
  readonly preface?: RegExp
  readUsage(body: unknown): Usage
  /** A status below 400: the error was found inside an answer with a success status, and its own text decides. */
  readFault(status: number, headers: Headers, body: unknown): Fault
  writeFault(fault: Fault): RenderedFault
  /** The answer of the format's endpoint that counts the tokens of a prompt, where it has one; that endpoint reads the same body. */
  writeTokenCount?(inputTokens: number): Json
  /** The format's in-stream error, for after the first byte. */
  writeStreamFault(fault: Fault): string
  /** False when a body this codec reads is not in the format's own shape, so that its bytes cannot be relayed. Absent: always true. */
  relayable?(body: Json): boolean
  /** Splices that a same-format hop to this target needs; `model` and `include-usage` among them where they apply. */
  relaySplices(body: Json, target: Target): readonly Splice[]
}
