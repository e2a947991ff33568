import type { CacheMark, Extra, Message, Part, Request, Tool } from '../../canonical/index.js'
import { hasCacheMarks } from '../fit-turns.js'
import { isRecord, type Json } from '../json.js'

const FIVE_MINUTES: CacheMark = { ttl: '5m' }
const ONE_HOUR: CacheMark = { ttl: '1h' }

/** The breakpoint that a block, a tool or a system block carries. */
export function readCache(value: Json): CacheMark | undefined {
  const raw = value.cache_control
  if (!isRecord(raw)) return undefined
  return raw.ttl === '1h' ? ONE_HOUR : FIVE_MINUTES
}

/** True when `cache_control` says more than the mark does (an explicit `5m`, an unknown field), so that it is kept completely. */
export function cacheNeedsExtra(value: Json): boolean {
  const raw = value.cache_control
  if (raw === undefined) return false
  if (!isRecord(raw)) return true
  const keys = Object.keys(raw).length
  return raw.type !== 'ephemeral' || (keys === 2 ? raw.ttl !== '1h' : keys !== 1)
}

/** The `cache_control` of a mark: as the client spelled it, if it came in this format. */
export function writeCache(mark: CacheMark | undefined, extra?: Extra): Json | undefined {
  if (mark === undefined) return undefined
  const kept = extra?.cache_control
  if (isRecord(kept)) return kept
  return mark.ttl === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' }
}

/** The vendor takes four breakpoints in a request. */
const MOST = 4

type Prompt = Pick<Request, 'messages' | 'tools'>

/**
 * Other formats cache without being told; this one needs breakpoints. They go on the end of the system prompt (which covers
 * the tools before it; on the last tool when there is none), on the last turn, and on the user's turn before it, where the
 * previous request left its entry. A prompt that nothing shows to be repeated (no tools, no history) is marked at the system
 * prompt alone, since writing a cache entry costs a quarter more. Marks that the client set itself stay instead.
 */
export function placeCache(prompt: Prompt): Prompt {
  if (hasCacheMarks(prompt)) return keepFour(prompt)
  const messages = [...prompt.messages]
  let tools = prompt.tools
  const system = messages[0]?.role === 'system'
  if (!(system && mark(messages, 0)) && tools.length > 0) tools = markTool(tools)
  const users = messages.flatMap((message, i) => (message.role === 'user' ? [i] : []))
  const repeats = prompt.tools.length > 0 || messages.some((message) => message.role === 'assistant')
  if (repeats) for (const i of new Set([users.at(-2), messages.length - 1])) if (i !== undefined) mark(messages, i)
  return { messages, tools }
}

/** The last four marks of the prompt, in the vendor's order: tools, system, messages. */
function keepFour({ messages, tools }: Prompt): Prompt {
  let left = MOST
  const keep = <T extends Part | Tool>(value: T): T => {
    if (value.cache === undefined || left-- > 0) return value
    const { cache: _, ...rest } = value
    return rest as T
  }
  const fromEnd = <T extends Part | Tool>(values: readonly T[]): readonly T[] => values.toReversed().map(keep).toReversed()
  const kept = messages.toReversed().map((message) => ({ ...message, parts: fromEnd(message.parts) }))
  return { messages: kept.toReversed(), tools: fromEnd(tools) }
}

/** Marks the last part that can carry a breakpoint; false when none can. */
function mark(messages: Message[], at: number): boolean {
  const message = messages[at]
  const i = message?.parts.findLastIndex((part) => part.type !== 'reasoning' && part.type !== 'opaque') ?? -1
  if (message === undefined || i === -1) return false
  messages[at] = { ...message, parts: message.parts.with(i, { ...message.parts[i]!, cache: FIVE_MINUTES }) }
  return true
}

function markTool(tools: readonly Tool[]): readonly Tool[] {
  const i = tools.findLastIndex((tool) => tool.type === 'function')
  return i === -1 ? tools : tools.with(i, { ...tools[i]!, cache: FIVE_MINUTES })
}
