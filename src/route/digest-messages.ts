import type { CacheMark, Extra, Message, Part, Request, Tool } from '../canonical/index.js'
import { leadingInstructions, messageTokens, rememberEnvelopes } from '../classify/index.js'
import { digest, entry } from '../kit/index.js'
import type { PrefixNode, StoredMessage } from '../ledger/types.js'

/** A conversation as the ledger keeps it: a chain of digests, and the messages behind them. */
export interface Conversation {
  /** The envelope (leading instructions and tools) first, then one a message. */
  readonly prefixes: readonly PrefixNode[]
  /** Beside `prefixes`, entry by entry. */
  readonly messages: readonly StoredMessage[]
  /** Entries after which the prompt has a cache breakpoint: the client's or, in formats that have none, that of the codec for Anthropic. */
  readonly breakpoints: readonly number[]
}

/** Makes digests that only one ledger can make; null for plain ones. */
type Keyed = ((digest: string) => string) | null

/** Digests made before: a conversation's messages and tools return with every turn. */
interface Digested {
  readonly messages: WeakMap<Message, DigestedMessage>
  readonly envelope: (head: readonly Message[], tools: readonly Tool[]) => StoredMessage
}

interface DigestedMessage {
  readonly stored: StoredMessage
  readonly tokens: number
  readonly marked: boolean
  /** The chain that it went on from when it was last seen, and what it made of it. */
  readonly before: string
  readonly prefix: PrefixNode
}

const plainly = emptyMemory(null)
const keyedly = new WeakMap<NonNullable<Keyed>, Digested>()

function emptyMemory(keyed: Keyed): Digested {
  return { messages: new WeakMap(), envelope: rememberEnvelopes((head, tools) => storedEnvelope(head, tools, keyed)) }
}

function memoryOf(keyed: Keyed): Digested {
  return keyed === null ? plainly : entry(keyedly, keyed, () => emptyMemory(keyed))
}

const BILLING = 'x-anthropic-billing-header'

/**
 * Digests of a request, without cache_control (it moves every turn) and without Claude Code's billing header (it changes every version).
 * `keyed`, if given, makes digests that only this ledger can make, so that nobody can confirm a guessed prompt.
 */
export function digestMessages(request: Request, envelopeTokens: number, keyed: Keyed): Conversation {
  const head = leadingInstructions(request.messages)
  const seen = memoryOf(keyed)
  const breakpoints: number[] = []
  const messages: StoredMessage[] = [seen.envelope(head, request.tools)]
  let chain = messages[0]?.digest ?? ''
  let tokens = envelopeTokens
  const prefixes: PrefixNode[] = [{ digest: chain, refTokens: tokens }]
  if (head.some(isMarked) || request.tools.some((t) => t.cache !== undefined)) breakpoints.push(0)
  for (let i = head.length; i < request.messages.length; i++) {
    const message = request.messages[i]!
    let known = seen.messages.get(message)
    const ownTokens = known?.tokens ?? messageTokens(message)
    tokens += ownTokens
    if (known?.before !== chain || known.prefix.refTokens !== tokens) {
      const stored = known?.stored ?? storedMessage(message, keyed)
      const prefix = { digest: hash(chain + stored.digest, null), refTokens: tokens }
      known = { stored, tokens: ownTokens, marked: known?.marked ?? isMarked(message), before: chain, prefix }
      seen.messages.set(message, known)
    }
    chain = known.prefix.digest
    messages.push(known.stored)
    prefixes.push(known.prefix)
    if (known.marked) breakpoints.push(prefixes.length - 1)
  }
  if (breakpoints.length === 0 && request.format !== 'anthropic-messages')
    breakpoints.push(...placedBreakpoints(request, head, messages.length - 1))
  return { prefixes, messages, breakpoints }
}

/** As `placeCache` marks what goes to Anthropic: the instructions and, where something shows that it will be repeated, the whole prompt. */
function placedBreakpoints({ messages, tools }: Request, head: readonly Message[], last: number): readonly number[] {
  const repeats = tools.length > 0 || messages.some(({ role }) => role === 'assistant')
  const envelope = head.length > 0 || tools.length > 0 ? [0] : []
  return repeats && last > 0 ? [...envelope, last] : envelope
}

function storedEnvelope(head: readonly Message[], tools: readonly Tool[], keyed: Keyed): StoredMessage {
  const json = JSON.stringify({ messages: head.map(bareMessage), tools: tools.map(bareTool) })
  return { digest: hash(json, keyed), json }
}

function storedMessage(message: Message, keyed: Keyed): StoredMessage {
  const json = JSON.stringify(bareMessage(message))
  return { digest: hash(json, keyed), json }
}

/** The message without cache marks, billing header and notes on how it was spelled; itself when it has none of them. */
function bareMessage(message: Message): Message {
  const plain = message.extra === undefined && message.parts.every(isPlain)
  if (plain) return message
  return withoutNotes({ ...message, parts: message.parts.filter((p) => !isBilling(p)).map(barePart) })
}

function bareTool(tool: Tool): Tool {
  return isPlain(tool) ? tool : withoutNotes(withoutMark(tool))
}

function barePart(part: Part): Part {
  return isPlain(part) ? part : withoutNotes(withoutMark(part))
}

interface Marked {
  readonly cache?: CacheMark
  readonly extra?: Extra
}

function isPlain(value: Marked): boolean {
  return value.cache === undefined && value.extra === undefined && !('text' in value && isBilling(value as Part))
}

function withoutMark<T extends Marked>(value: T): T {
  if (value.cache === undefined) return value
  const { cache: _, ...rest } = value
  return rest as T
}

/** A client may write the same message in another way on its next turn; codecs note such things under names with a tilde. */
function withoutNotes<T extends Marked>(value: T): T {
  if (value.extra === undefined) return value
  const { extra, ...rest } = value
  const kept = Object.entries(extra).filter(([key]) => !key.startsWith('~'))
  return (kept.length === 0 ? rest : { ...rest, extra: Object.fromEntries(kept) }) as T
}

function isMarked(message: Message): boolean {
  for (const part of message.parts) if (part.cache !== undefined) return true
  return false
}

function isBilling(part: Part): boolean {
  return part.type === 'text' && part.text.startsWith(BILLING)
}

function hash(text: string, keyed: Keyed): string {
  const plain = digest(text)
  return keyed === null ? plain : keyed(plain)
}
