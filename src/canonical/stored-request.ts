import type { Message, Request, Tool, WireFormat } from './request.js'

/** A request's parameters besides its messages and tools; without them a stored request could not be repeated exactly. */
export type RequestTerms = Pick<Request, 'toolChoice' | 'parallelToolCalls' | 'output' | 'sampling' | 'reasoning' | 'maxOutputTokens'>

/** A request read back from where it was stored. */
export interface StoredRequest {
  readonly request: Request
  /** How many messages it has; the envelope of leading instructions and tools counts as one. */
  readonly entries: number
  /** False for one stored before its terms were: it asks for nothing in particular. */
  readonly hasTerms: boolean
}

/** The terms of a request as JSON, to be stored after its messages. */
export function storedTerms({ toolChoice, parallelToolCalls, output, sampling, reasoning, maxOutputTokens }: Request): string {
  return JSON.stringify({ terms: { toolChoice, parallelToolCalls, output, sampling, reasoning, maxOutputTokens } })
}

interface Envelope {
  readonly messages?: readonly Message[]
  readonly tools?: readonly Tool[]
}

/**
 * Reassembles a stored request: the envelope first, then one message per entry, the parameters last. Null when the envelope is missing or
 * damaged.
 */
export function readStoredRequest(json: readonly string[], format: WireFormat = 'openai-chat'): StoredRequest | null {
  try {
    const [head, ...rest] = json.map((text) => JSON.parse(text) as unknown)
    const envelope = head as Envelope | undefined
    if (envelope?.messages === undefined || envelope.tools === undefined) return null
    const terms = (rest.at(-1) as { readonly terms?: RequestTerms } | undefined)?.terms
    const messages = (terms === undefined ? rest : rest.slice(0, -1)) as readonly Message[]
    const all = [...envelope.messages, ...messages]
    const request: Request = { sampling: {}, ...terms, format, model: '', messages: all, tools: envelope.tools, stream: false }
    return { request, entries: messages.length + 1, hasTerms: terms !== undefined }
  } catch {
    return null
  }
}
