import type { Event, Loss, Message, Part, Reply, Request, Tool, ToolChoice } from '../canonical/index.js'
import { hashText } from '../kit/index.js'
import { lose } from './losses.js'

/** What a format accepts as the name of a tool. */
export interface NameRule {
  readonly legal: RegExp
  /** Each character that is not accepted; global. */
  readonly illegal: RegExp
  readonly longest: number
}

/** Both of OpenAI's formats. */
export const OPENAI_NAMES: NameRule = { legal: /^[a-zA-Z0-9_-]{1,64}$/, illegal: /[^a-zA-Z0-9_-]/gu, longest: 64 }

/** Names as sent to the target, each with the client's own. Only those that differ. */
export type Renamed = ReadonlyMap<string, string>

const NONE: Renamed = new Map()

/** A request of another format whose tools have names that this format takes. */
export function fitNames(request: Request, rule: NameRule, losses: Loss[]): { readonly request: Request; readonly names: Renamed } {
  const asked = namesIn(request)
  const misfits = [...asked].filter((name) => !rule.legal.test(name))
  if (misfits.length === 0) return { request, names: NONE }
  const fitted = new Map<string, string>()
  const names = new Map<string, string>()
  for (const name of misfits) {
    let told = fitName(name, rule, false)
    if (asked.has(told) || names.has(told)) told = fitName(name, rule, true)
    fitted.set(name, told)
    names.set(told, name)
    lose(losses, `tools.${name}`, `called ${told}: its own name has characters or a length that are refused`)
  }
  return { request: rename(request, (name) => fitted.get(name) ?? name), names }
}

/** The names a client knows, in an answer to a request whose names had to change. */
export function restoreNames(reply: Reply, names: Renamed): Reply {
  if (names.size === 0) return reply
  const own = (name: string): string => names.get(name) ?? name
  return { ...reply, choices: reply.choices.map((choice) => ({ ...choice, parts: choice.parts.map((part) => renamePart(part, own)) })) }
}

export function restoreName(event: Event, names: Renamed): Event {
  if (event.type !== 'block-start' || event.block.kind !== 'tool-call') return event
  const own = names.get(event.block.name)
  return own === undefined ? event : { ...event, block: { ...event.block, name: own } }
}

function namesIn({ tools, messages }: Request): Set<string> {
  const names = new Set<string>()
  for (const tool of tools) if (tool.type !== 'hosted') names.add(tool.name)
  for (const { parts } of messages) for (const part of parts) if (part.type === 'tool-call') names.add(part.name)
  return names
}

/** The same name for the same tool in any context, so that cached prefixes stay valid. */
function fitName(name: string, { legal, illegal, longest }: NameRule, marked: boolean): string {
  const clean = name.replace(illegal, '_')
  const begun = legal.test(clean.slice(0, 1)) ? clean : `_${clean}`
  if (!marked && begun.length <= longest) return begun
  const mark = `_${hashText(name).toString(36)}`
  return begun.slice(0, longest - mark.length) + mark
}

function rename(request: Request, told: (name: string) => string): Request {
  const { toolChoice } = request
  return {
    ...request,
    tools: request.tools.map((tool): Tool => (tool.type === 'hosted' ? tool : { ...tool, name: told(tool.name) })),
    messages: request.messages.map((message): Message => ({ ...message, parts: message.parts.map((part) => renamePart(part, told)) })),
    ...(toolChoice === undefined ? {} : { toolChoice: renameChoice(toolChoice, told) }),
  }
}

function renamePart(part: Part, told: (name: string) => string): Part {
  if (part.type === 'tool-call') return { ...part, name: told(part.name) }
  return part.type === 'tool-result' && part.name !== undefined ? { ...part, name: told(part.name) } : part
}

function renameChoice(choice: ToolChoice, told: (name: string) => string): ToolChoice {
  if (typeof choice === 'string') return choice
  return 'name' in choice ? { name: told(choice.name) } : { ...choice, allowed: choice.allowed.map(told) }
}
