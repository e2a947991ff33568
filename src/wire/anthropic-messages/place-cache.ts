import type { CacheMark, Message, Part, Tool } from '../../canonical/index.js'

/** The vendor takes four breakpoints in a request. */
const MOST = 4
const MARK: CacheMark = { ttl: '5m' }

interface Prompt {
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
}

/**
 * Other formats cache without being told; this one needs breakpoints. They go on the end of the system prompt (which covers
 * the tools before it; on the last tool when there is none), on the last turn, and on the user's turn before it, where the
 * previous request left its entry. A prompt that nothing shows to be repeated (no tools, no history) is marked at the system
 * prompt alone, since writing a cache entry costs a quarter more. Marks that the client set itself stay instead.
 */
export function placeCache(prompt: Prompt): Prompt {
  if (hasMarks(prompt)) return keepFour(prompt)
  const messages = [...prompt.messages]
  let tools = prompt.tools
  const system = messages[0]?.role === 'system'
  if (!(system && mark(messages, 0)) && tools.length > 0) tools = markTool(tools)
  const users = messages.flatMap((message, i) => (message.role === 'user' ? [i] : []))
  const repeats = prompt.tools.length > 0 || messages.some((message) => message.role === 'assistant')
  if (repeats) for (const i of new Set([users.at(-2), messages.length - 1])) if (i !== undefined) mark(messages, i)
  return { messages, tools }
}

function hasMarks({ messages, tools }: Prompt): boolean {
  return (
    tools.some((tool) => tool.cache !== undefined) || messages.some((message) => message.parts.some((part) => part.cache !== undefined))
  )
}

/** The last four marks of the prompt, in the vendor's order: tools, system, messages. */
function keepFour(prompt: Prompt): Prompt {
  let left = MOST
  const messages = [...prompt.messages]
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]!
    if (!message.parts.some((part) => part.cache !== undefined)) continue
    const parts = [...message.parts]
    for (let j = parts.length - 1; j >= 0; j--) if (parts[j]!.cache !== undefined && left-- <= 0) parts[j] = unmarked(parts[j]!)
    messages[i] = { ...message, parts }
  }
  const tools = [...prompt.tools]
  for (let i = tools.length - 1; i >= 0; i--) if (tools[i]!.cache !== undefined && left-- <= 0) tools[i] = unmarked(tools[i]!)
  return { messages, tools }
}

function unmarked<T extends Part | Tool>(value: T): T {
  const { cache: _, ...rest } = value
  return rest as T
}

/** Marks the last part that can carry a breakpoint; false when none can. */
function mark(messages: Message[], at: number): boolean {
  const message = messages[at]
  const i = message?.parts.findLastIndex((part) => part.type !== 'reasoning' && part.type !== 'opaque') ?? -1
  if (message === undefined || i === -1) return false
  messages[at] = { ...message, parts: message.parts.with(i, { ...message.parts[i]!, cache: MARK }) }
  return true
}

function markTool(tools: readonly Tool[]): readonly Tool[] {
  const i = tools.findLastIndex((tool) => tool.type === 'function')
  return i === -1 ? tools : tools.with(i, { ...tools[i]!, cache: MARK })
}
