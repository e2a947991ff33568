import type { Message } from '../canonical/index.js'

/**
 * Where a user's turn carries tool results and words alike (Anthropic, Google), its results become messages of the role `tool`,
 * as they are neutrally. A message cut off so is marked, and the writer joins it again.
 */
export function splitResults(message: Message): Message[] {
  const { parts, name, extra } = message
  const isResult = (at: number): boolean => parts[at]?.type === 'tool-result'
  const messages: Message[] = []
  for (let from = 0; from === 0 || from < parts.length; ) {
    let to = from + 1
    while (to < parts.length && isResult(to) === isResult(from)) to++
    const role = isResult(from) ? 'tool' : 'user'
    const own = to - from >= parts.length ? parts : parts.slice(from, to)
    if (from > 0) messages.push({ role, parts: own, extra: { '~joined': true } })
    // The spread of an object makes one of another shape, which costs whatever reads both.
    else messages.push(name === undefined && extra === undefined ? { role, parts: own } : { ...message, role, parts: own })
    from = to
  }
  return messages
}
