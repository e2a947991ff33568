import type { Message, Part, Request } from '../../canonical/index.js'
import type { ReplyContext } from '../codec.js'

/** English text has about four characters a token in every common tokenizer. */
const CHARS_PER_TOKEN = 4

export function tokensOfChars(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN)
}

/**
 * Prompt tokens for the opening of a stream, which must name them before other vendors do; the real count follows at the end.
 * The caller's own estimate goes before one made from the length of the request.
 */
export function estimateInput(context: ReplyContext): number {
  return context.inputTokens ?? (context.request === undefined ? 1 : tokensOfChars(charsOf(context.request)))
}

function charsOf(request: Request): number {
  let chars = 1
  for (const message of request.messages) chars += charsOfMessage(message)
  for (const tool of request.tools) chars += JSON.stringify(tool).length
  return chars
}

function charsOfMessage(message: Message): number {
  return message.parts.reduce((sum, part) => sum + charsOfPart(part), 0)
}

function charsOfPart(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return part.text.length
    case 'tool-call':
      return part.args.length
    case 'tool-result':
      return part.parts.reduce((sum, inner) => sum + charsOfPart(inner), 0)
    default:
      return 0
  }
}
