import type { Message, Part, Request } from '../canonical/index.js'

/**
 * The conversation as formats want it that tell turns apart: one message for all that the assistant said without a break, and the results
 * of its calls before other words. Google's SDK keeps each piece of a stream as a message of its own, and the AI SDK puts an image
 * between two results.
 */
export function joinTurns({ messages: said, format }: Request): readonly Message[] {
  const messages = said.some(({ role, parts }) => role === 'assistant' && parts.some(isMedia)) ? withMediaLater(said) : said
  const turns: Message[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (message.role === 'assistant' && last?.role === 'assistant')
      turns[turns.length - 1] = {
        ...last,
        parts: [...last.parts, ...(format === 'gemini' ? message.parts : asOwnParagraph(last.parts, message.parts))],
      }
    else turns.splice(message.role === 'tool' ? placeOfResult(turns) : turns.length, 0, message)
  }
  return format === 'gemini' ? turns.map(withJoinedTexts) : turns
}

/** Messages of their own, not pieces of one: their words do not run together. */
function asOwnParagraph(before: readonly Part[], parts: readonly Part[]): readonly Part[] {
  const [first, ...rest] = parts
  if (first?.type !== 'text' || first.text === '' || !before.some(({ type }) => type === 'text')) return parts
  return [{ ...first, text: `\n\n${first.text}` }, ...rest]
}

/** After the calls, and after the results that came before. */
function placeOfResult(turns: readonly Message[]): number {
  const at = turns.findLastIndex(({ role }) => role === 'tool' || role === 'assistant')
  return at === -1 ? turns.length : at + 1
}

/** Pieces of the same words, as Google streams them, are one part; the last one is often empty. */
function withJoinedTexts(message: Message): Message {
  if (message.role !== 'assistant') return message
  const parts: Part[] = []
  for (const part of message.parts) {
    const last = parts.at(-1)
    if (last?.type === 'text' && part.type === 'text') parts[parts.length - 1] = { ...last, text: last.text + part.text }
    else if (last?.type === 'reasoning' && part.type === 'reasoning' && last.signature === undefined)
      parts[parts.length - 1] = { ...part, text: last.text + part.text }
    else if (part.type !== 'text' || part.text !== '') parts.push(part)
  }
  return { ...message, parts }
}

function isMedia({ type }: Part): boolean {
  return type === 'image' || type === 'file' || type === 'audio'
}

/** Images that a model of Google's made are shown by the user when next speaking: no other vendor takes them from the assistant. */
function withMediaLater(messages: readonly Message[]): readonly Message[] {
  const shown: Message[] = []
  let made: Part[] = []
  for (const message of messages) {
    if (message.role === 'assistant') {
      made.push(...message.parts.filter(isMedia))
      shown.push({ ...message, parts: message.parts.filter((part) => !isMedia(part)) })
    } else if (message.role === 'user') {
      shown.push({ ...message, parts: [...made, ...message.parts] })
      made = []
    } else shown.push(message)
  }
  return made.length > 0 ? [...shown, { role: 'user', parts: made }] : shown
}

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
