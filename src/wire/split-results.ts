import type { Message } from '../canonical/index.js'

/**
 * Where a user's turn carries tool results and words alike (Anthropic, Google), its results become messages of the role `tool`,
 * as they are neutrally. A message cut off so is marked, and the writer joins it again.
 */
export function splitResults(message: Message): Message[] {
  const { parts } = message
  const isResult = (at: number): boolean => parts[at]?.type === 'tool-result'
  const messages: Message[] = []
  for (let from = 0; from === 0 || from < parts.length; ) {
    let to = from + 1
    while (to < parts.length && isResult(to) === isResult(from)) to++
    const role = isResult(from) ? 'tool' : 'user'
    if (from === 0) messages.push({ ...message, role, parts: to >= parts.length ? parts : parts.slice(0, to) })
    else messages.push({ role, parts: parts.slice(from, to), extra: { '~joined': true } })
    from = to
  }
  return messages
}
