import type { Message, Request, Tool, WireFormat } from '../canonical/index.js'
import { asFault } from '../kit/index.js'
import { readRequest } from '../wire/read-request.js'
import type { Fields } from './fields.js'
import type { ReaderContext } from './types.js'

/**
 * A conversation as a log reveals it. Messages are converted once, when they appear, and shared by the requests of all later turns, so that
 * digests can be cached per object. `tools` are those that the agent always offers: logs do not list them, and a request without any would
 * seem to need none.
 */
export function openConversation(format: WireFormat, tools: readonly string[], turns = 0) {
  const messages: Message[] = []
  const names = new Set(tools)
  let offered: readonly Tool[] = tools.map((name) => ({ type: 'function', name }))
  return {
    messages,
    /** Calls so far. */
    turns,
    /** When something was last put to the model. */
    askedAtMs: null as number | null,
    /** Notes the tools an answer calls, so that later requests offer them. */
    sawTools(of: readonly Message[]) {
      for (const message of of) {
        for (const part of message.parts) {
          if (part.type !== 'tool-call' || names.has(part.name)) continue
          names.add(part.name)
          offered = [...offered, { type: 'function', name: part.name }]
        }
      }
    },
    /** The request whose messages are the first `length` ones. */
    request(model: string, length: number): Request {
      return { format, model, messages: messages.slice(0, length), tools: offered, sampling: {}, stream: true }
    },
  }
}

/** A logged body, which may lack what every request has, as its format's codec reads it. Throws E_BAD_REQUEST for an invalid one. */
export function readBody(format: WireFormat, model: string, body: Fields): Request {
  const limit = format === 'anthropic-messages' ? { max_tokens: 1 } : {}
  return readRequest(format, { model, ...limit, ...body }, { headers: {}, urlModel: model })
}

/** Messages of a fragment of a wire body. Throws E_BAD_REQUEST for invalid ones. */
export function readFragment(format: WireFormat, fragment: Fields): readonly Message[] {
  return readBody(format, 'logged', fragment).messages
}

/** The messages that `read` makes of line `n`; if it throws, the line is reported as damaged and has no messages. */
export function orDamaged(context: ReaderContext, n: number, read: () => readonly Message[]): readonly Message[] {
  try {
    return read()
  } catch (error) {
    context.damaged(n, asFault(error).message)
    return []
  }
}
