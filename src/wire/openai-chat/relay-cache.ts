import { type Splice, setAt } from '../codec.js'
import { isRecord, type Json, listOf, recordOf } from '../json.js'

const MARK = { type: 'ephemeral' }
const WHY = 'marked for the prompt cache'

/**
 * Breakpoints for Claude's cache, which OpenRouter takes on parts of a message (openrouter.ai/docs/features/prompt-caching): where they are put
 * for Anthropic itself, so on the instructions, on the last message, and on the one that ended the previous request. Marks that the client set
 * stay instead. `others`: the changes made so far, which may set or drop the messages meant.
 */
export function cacheSplices(body: Json, others: readonly Splice[]): Splice[] {
  const messages = listOf(body.messages)
  if (body.cache_control !== undefined || [...messages, ...listOf(body.tools)].some(isMarked)) return []
  const roles = messages.map((message) => recordOf(message).role)
  const said = roles.findIndex((role) => role !== 'system' && role !== 'developer')
  const front = said === -1 ? messages.length : said
  const answer = roles.lastIndexOf('assistant')
  const repeats = answer !== -1 || listOf(body.tools).length > 0
  const ends = repeats ? [front, answer, messages.length] : [front]
  const marked = new Map<number, Splice>()
  for (const end of ends) {
    const first = end === front ? 0 : front
    for (let i = end - 1; i >= first; i--) {
      const splice = roles[i] === 'assistant' ? null : (marked.get(i) ?? mark(recordOf(messages[i]), i, others))
      if (splice === null) continue
      marked.set(i, splice)
      break
    }
  }
  return [...marked.values()]
}

function isMarked(value: unknown): boolean {
  if (!isRecord(value)) return false
  return value.cache_control !== undefined || (Array.isArray(value.content) && value.content.some(isMarked))
}

/** The message with a mark on its last words; null where it has none, or is not sent. */
function mark({ content: said }: Json, i: number, others: readonly Splice[]): Splice | null {
  const path = ['messages', i, 'content']
  let content = said
  for (const splice of others) {
    if (splice.kind === 'drop' && splice.path?.join() === `messages,${i}`) return null
    if (splice.kind === 'set' && splice.path?.join() === path.join()) content = splice.value
  }
  const parts: readonly unknown[] = typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content)
  const last = parts.findLastIndex((part) => isRecord(part) && part.type === 'text' && part.text !== '')
  return last === -1 ? null : setAt(path, parts.with(last, { ...(parts[last] as Json), cache_control: MARK }), WHY)
}
