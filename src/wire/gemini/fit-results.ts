import type { Message, Part } from '../../canonical/index.js'

type Result = Part & { readonly type: 'tool-result' }

/**
 * Results as this format wants them: each names its function, and only the newer generation takes images inside it; for the
 * others they stand beside it in the same turn.
 */
export function fitResults(messages: readonly Message[], mediaInside: boolean): Message[] {
  const names = new Map<string, string>()
  return messages.map((message) => {
    for (const part of message.parts) if (part.type === 'tool-call') names.set(part.id, part.name)
    if (!message.parts.some((part) => part.type === 'tool-result')) return message
    const parts: Part[] = []
    const beside: Part[] = []
    for (const part of message.parts) {
      if (part.type !== 'tool-result') beside.push(part)
      else parts.push(named(part, names, mediaInside, beside))
    }
    return { ...message, parts: [...parts, ...beside] }
  })
}

function named(result: Result, names: ReadonlyMap<string, string>, mediaInside: boolean, beside: Part[]): Result {
  const texts = result.parts.filter((part) => part.type === 'text')
  if (!mediaInside) beside.push(...result.parts.filter((part) => part.type !== 'text'))
  const words: Part[] = texts.length === 0 ? [{ type: 'text', text: '' }] : texts
  return {
    ...result,
    name: names.get(result.callId) ?? result.name ?? 'unknown',
    parts: mediaInside ? [...words, ...result.parts.filter((part) => part.type !== 'text')] : words,
  }
}
