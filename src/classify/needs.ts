import type { Message, Need, Part, Request } from '../canonical/index.js'

const MEDIA: Readonly<Record<string, Need>> = { image: 'vision', file: 'file-input', audio: 'audio-input' }

/** What this request needs of a model, in the order of NEEDS; permissions (parallel tool calls allowed) are no needs. */
export function needs(request: Request): readonly Need[] {
  const found = new Set<Need>()
  for (const tool of request.tools)
    found.add(tool.type === 'function' ? 'tools' : tool.type === 'hosted' ? 'hosted-tools' : 'grammar-tools')
  for (const message of request.messages) {
    addMedia(message.parts, found)
    if (countCalls(message) > 1) found.add('parallel-tools')
  }
  if (request.output?.type === 'json') found.add('json')
  if (request.output?.type === 'json-schema') found.add('json-schema')
  if (replaysReasoning(request.messages)) found.add('reasoning-replay')
  if ((request.sampling.n ?? 1) > 1) found.add('n')
  if (request.sampling.logprobs === true) found.add('logprobs')
  return [...found]
}

function addMedia(parts: readonly Part[], found: Set<Need>): void {
  for (const part of parts) {
    const need = MEDIA[part.type]
    if (need !== undefined) found.add(need)
    if (part.type === 'tool-result') addMedia(part.parts, found)
  }
}

function countCalls(message: Message): number {
  let calls = 0
  for (const part of message.parts) if (part.type === 'tool-call') calls++
  return calls
}

/** True inside a tool loop whose assistant turns carry signed reasoning; elsewhere signatures may be dropped. */
function replaysReasoning(messages: readonly Message[]): boolean {
  if (!endsInToolResults(messages)) return false
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as Message
    if (message.role === 'user' && !message.parts.some((p) => p.type === 'tool-result')) return false
    if (message.parts.some((p) => p.type === 'reasoning' && p.signature !== undefined)) return true
  }
  return false
}

/** True when the last message that is not an instruction holds tool results. */
export function endsInToolResults(messages: readonly Message[]): boolean {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as Message
    if (message.role === 'system' || message.role === 'developer') continue
    return message.role === 'tool' || message.parts.some((p) => p.type === 'tool-result')
  }
  return false
}
