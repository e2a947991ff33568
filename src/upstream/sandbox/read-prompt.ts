import type { Part, Request } from '../../canonical/index.js'
import { codecFor } from '../../wire/index.js'

/** A chat request, and the words in it that decide what a simulated model answers. */
export interface Prompt {
  readonly request: Request
  /** Text of each message in order, tools first; their lengths make the prompt. */
  readonly texts: readonly string[]
  readonly question: string
  readonly lastRole: string | undefined
  readonly lastText: string
}

/** Throws E_BAD_REQUEST for a body that is no chat request. */
export function readPrompt(body: unknown): Prompt {
  const request = codecFor('openai-chat').readRequest(body, { headers: {} })
  const { messages, tools } = request
  const last = messages.at(-1)
  return {
    request,
    texts: [...(tools.length > 0 ? [JSON.stringify(tools)] : []), ...messages.map(({ role, parts }) => `${role}:${textOf(parts)}`)],
    question: textOf(messages.findLast(({ role }) => role === 'user')?.parts),
    lastRole: last?.role,
    lastText: textOf(last?.parts),
  }
}

function textOf(parts: readonly Part[] = []): string {
  const texts = parts.map((part) => {
    if (part.type === 'text') return part.text
    return part.type === 'tool-result' ? textOf(part.parts) : part.type === 'tool-call' ? `${part.name} ${part.args}` : ''
  })
  return texts.filter((text) => text !== '').join('\n')
}
