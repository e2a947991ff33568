import type { Message, Request, Tool } from '../canonical/index.js'
import { fingerprint } from '../kit/index.js'
import { messageTokens, toolTokens } from './tokens.js'
import type { Signals } from './types.js'

/** The constant part of a request: it says which client is speaking and nothing about how hard the turn is. */
interface Envelope {
  /** Covers the leading instructions and the tools' names, descriptions and parameter names. */
  readonly digest: string
  /** Estimated tokens of leading instructions and tools. */
  readonly tokens: number
  readonly tools: Signals['tools']
}

interface Known<T> {
  readonly lead: readonly Message[]
  readonly made: T
}

/** Stands for an envelope that is empty. */
const EMPTY = {}

/**
 * Clients send the same envelope with every call, and reading one of 80 KB takes longer than judging the turn, so what was made of one is
 * kept: by its tools, or by its first instruction where it has none.
 */
export function rememberEnvelopes<T>(make: (lead: readonly Message[], tools: readonly Tool[]) => T): typeof make {
  const known = new WeakMap<object, Known<T>>()
  return (lead, tools) => {
    const key = tools.length > 0 ? tools : (lead[0] ?? EMPTY)
    const before = known.get(key)
    if (before !== undefined && haveSameItems(before.lead, lead)) return before.made
    const made = make(lead, tools)
    known.set(key, { lead, made })
    return made
  }
}

const readOnce = rememberEnvelopes(read)

export function readEnvelope({ messages, tools }: Request): Envelope {
  return readOnce(leadingInstructions(messages), tools)
}

/** System and developer messages before the first of any other role. */
export function leadingInstructions(messages: readonly Message[]): readonly Message[] {
  let end = 0
  while (messages[end]?.role === 'system' || messages[end]?.role === 'developer') end++
  return messages.slice(0, end)
}

/** The identical objects, one by one. */
function haveSameItems(a: readonly Message[], b: readonly Message[]): boolean {
  return a.length === b.length && a.every((message, i) => message === b[i])
}

function read(lead: readonly Message[], tools: readonly Tool[]): Envelope {
  let tokens = 0
  for (const message of lead) tokens += messageTokens(message)
  const names: string[] = []
  for (const tool of tools) {
    names.push(tool.name)
    tokens += toolTokens(tool)
  }
  names.sort()
  return { digest: digestOf(lead, tools), tokens, tools: { count: names.length, nameDigest: fingerprint(names), names } }
}

/** From samples of long texts: enough to distinguish clients and their versions, at a few microseconds for 80 KB. */
function digestOf(lead: readonly Message[], tools: readonly Tool[]): string {
  const texts: string[] = []
  for (const message of lead) for (const part of message.parts) if (part.type === 'text') sample(part.text, texts)
  for (const tool of tools) sampleTool(tool, texts)
  return fingerprint(texts)
}

function sampleTool(tool: Tool, texts: string[]): void {
  texts.push(tool.name)
  if (tool.type !== 'function') return
  sample(tool.description ?? '', texts)
  const properties = (tool.schema as { properties?: unknown } | undefined)?.properties
  if (properties !== null && typeof properties === 'object') texts.push(...Object.keys(properties))
}

function sample(text: string, texts: string[]): void {
  texts.push(String(text.length))
  if (text.length <= 512) {
    texts.push(text)
    return
  }
  texts.push(text.slice(0, 128), text.slice(-128))
  const stride = Math.floor(text.length / 8)
  for (let at = stride; at < text.length; at += stride) texts.push(text.slice(at, at + 32))
}
