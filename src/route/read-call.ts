import type { Effort, Request } from '../canonical/index.js'
import { Fault, wellFormedJson } from '../kit/index.js'
import { type Codec, codecFor, effortSplices, spliceBody } from '../wire/index.js'
import { embeddings } from './embeddings.js'
import type { Inbound } from './exchange.js'
import type { KeptItems } from './kept-items.js'
import { legacyCompletions } from './legacy-completions.js'
import { createRecognizer } from './recognize.js'

/** A request understood: parsed once, in its own and in the neutral form. */
export interface ReadCall {
  readonly inbound: Inbound
  readonly codec: Codec
  readonly body: Readonly<Record<string, unknown>>
  readonly request: Request
}

const recognize = createRecognizer()

/** Throws E_BAD_REQUEST for a body that is not a JSON object of the format. `items`: those that a client of Responses may name. */
export function readCall(inbound: Inbound, items?: KeptItems): ReadCall {
  const codec = codecOf(inbound)
  const text = inbound.body.toString('utf8')
  const whole = wellFormedJson(text)
  const body = parseBody(whole)
  const named = inbound.format === 'openai-responses' ? (items?.recall(body, inbound) ?? []) : []
  if (named.length > 0) return readCall({ ...inbound, body: spliceBody(Buffer.from(whole), body, named) })
  const request = codec.readRequest(body, inbound)
  const read = whole === text ? inbound : { ...inbound, body: Buffer.from(whole) }
  return { inbound: read, codec, body, request: recognize(request) }
}

/** The same call as if its client had asked for this effort. */
export function withEffort({ inbound, body }: ReadCall, effort: Effort): ReadCall {
  return readCall({ ...inbound, body: spliceBody(inbound.body, body, effortSplices(inbound.format, body, effort)) })
}

export function codecOf({ format, action }: Inbound): Codec {
  switch (action) {
    case 'embeddings':
      return embeddings
    case 'completions':
      return legacyCompletions
    case 'generate':
    case 'count-tokens':
      return codecFor(format)
  }
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault('E_BAD_REQUEST', 'the request body is not valid JSON', {
      hint: cause instanceof Error ? cause.message : '',
      final: true,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault('E_BAD_REQUEST', 'the request body must be a JSON object', { final: true })
  }
  return value as Readonly<Record<string, unknown>>
}
