import type { Message, Request, Tool } from '../canonical/index.js'
import { textKey } from '../kit/index.js'

/** How much is remembered; beyond either limit the oldest are forgotten. Characters count all texts in the messages. */
interface Limits {
  readonly messages: number
  readonly chars: number
}

const CONVERSATIONS: Limits = { messages: 4000, chars: 4_000_000 }
/** Of questions without a history, whose own text would only displace what is repeated. */
const INSTRUCTIONS: Limits = { messages: 100, chars: 400_000 }
const MOST_TOOL_LISTS = 8

/**
 * Replaces a request's messages and tools with the identical objects of earlier requests. An agent sends its history and tools again with
 * every step, and each time they are parsed from JSON. What was computed for them (a digest, tokens, the verdict of a test run) is stored
 * per object, and so need not be computed again.
 */
export function createRecognizer(): (request: Request) => Request {
  const conversations = rememberMessages(CONVERSATIONS)
  const instructions = rememberMessages(INSTRUCTIONS)
  const lists: (readonly Tool[])[] = []

  function knownTools(tools: readonly Tool[]): readonly Tool[] {
    if (tools.length === 0) return tools
    const at = lists.findIndex((list) => haveSameNames(list, tools) && isSame(list, tools))
    const found = at < 0 ? tools : lists.splice(at, 1)[0]!
    lists.unshift(found)
    if (lists.length > MOST_TOOL_LISTS) lists.pop()
    return found
  }

  return (request) => {
    const [first] = request.messages
    const single = request.tools.length === 0 && request.messages.length <= 2
    if (single && first?.role !== 'system' && first?.role !== 'developer') return request
    const messages: Message[] = []
    for (const message of request.messages)
      messages.push(!single ? conversations(message) : message === first ? instructions(message) : message)
    return { ...request, messages, tools: knownTools(request.tools) }
  }
}

/** The identical message of an earlier call, else the message itself, which is then remembered. */
function rememberMessages(most: Limits): (message: Message) => Message {
  const messages = new Map<number, { readonly message: Message; readonly chars: number }>()
  let chars = 0

  function forget(key: number): void {
    chars -= messages.get(key)?.chars ?? 0
    messages.delete(key)
  }

  /** A tenth at a time: finding the oldest passes the places of all that were deleted before it. */
  function forgetOldest(): void {
    for (const oldest of messages.keys()) {
      if (messages.size <= 0.9 * most.messages && chars <= 0.9 * most.chars) return
      forget(oldest)
    }
  }

  return (message) => {
    const sum = { key: 0, chars: 0 }
    addUp(message, sum)
    if (sum.chars > most.chars) return message
    const before = messages.get(sum.key)
    if (before !== undefined && isSame(before.message, message)) return before.message
    forget(sum.key)
    messages.set(sum.key, { message, chars: sum.chars })
    chars += sum.chars
    if (messages.size > most.messages || chars > most.chars) forgetOldest()
    return message
  }
}

/** Names distinguish most lists. */
function haveSameNames(a: readonly Tool[], b: readonly Tool[]): boolean {
  return a.length === b.length && a.every((tool, i) => tool.name === b[i]?.name)
}

/** A key that equal values share, and the characters of all texts. */
function addUp(value: unknown, sum: { key: number; chars: number }): void {
  if (typeof value === 'string') {
    sum.key = Math.imul(sum.key, 31) ^ textKey(value)
    sum.chars += value.length
  } else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) addUp(value[i], sum)
  else if (typeof value === 'object' && value !== null)
    for (const name in value) addUp((value as Readonly<Record<string, unknown>>)[name], sum)
}

/** Whether two JSON values serialise identically; the order of names counts, because digests are made of the serialised form. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false
    return true
  }
  const names = Object.keys(a)
  const others = Object.keys(b)
  if (names.length !== others.length) return false
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    if (name !== others[i]) return false
    if (!isSame((a as Readonly<Record<string, unknown>>)[name], (b as Readonly<Record<string, unknown>>)[name])) return false
  }
  return true
}
