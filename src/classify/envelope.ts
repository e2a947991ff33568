import type { Message, Request, Tool } from '../canonical/index.js'
import { fingerprint } from './fingerprint.js'
import { messageTokens, toolTokens } from './tokens.js'
import type { Signals } from './types.js'

/** The constant part of a request: it says which client is speaking and nothing about how hard the turn is. */
export interface Envelope {
  /** Covers the leading instructions and the tools' names, descriptions and parameter names. */
  readonly digest: string
  /** Estimated tokens of leading instructions and tools. */
  readonly tokens: number
  readonly tools: Signals['tools']
}

interface Known {
  readonly lead: readonly Message[]
  readonly envelope: Envelope
}

/**
 * Agents send the same envelope with every step, and reading one of 80 KB takes longer than judging the turn, so the result is cached by
 * its tools.
 */
const known = new WeakMap<readonly Tool[], Known>()

export function readEnvelope(request: Request): Envelope {
  const lead = leadingInstructions(request.messages)
  const { tools } = request
  if (tools.length === 0) return read(lead, tools)
  const before = known.get(tools)
  if (before !== undefined && haveSameItems(before.lead, lead)) return before.envelope
  const envelope = read(lead, tools)
  known.set(tools, { lead, envelope })
  return envelope
}

/** System and developer messages before the first of any other role. */
export function leadingInstructions(messages: readonly Message[]): readonly Message[] {
  let end = 0
  while (messages[end]?.role === 'system' || messages[end]?.role === 'developer') end++
  return messages.slice(0, end)
}

/** The identical objects, one by one. */
export function haveSameItems(a: readonly Message[], b: readonly Message[]): boolean {
  return a.length === b.length && a.every((message, i) => message === b[i])
}

function read(lead: readonly Message[], tools: readonly Tool[]): Envelope {
  const names = tools.map((tool) => tool.name).sort()
  let tokens = 0
  for (const message of lead) tokens += messageTokens(message)
  for (const tool of tools) tokens += toolTokens(tool)
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
