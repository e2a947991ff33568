import type { Message, Part } from '../../canonical/index.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { type Json, leftover, needOneOf, needSome, readEach } from '../json.js'
import { splitResults } from '../turns.js'
import { readBlocks, textPart } from './read-content.js'
import { writeBlocks } from './write-content.js'

const KNOWN_IN_MESSAGE = new Set(['role', 'content'])
/** Claude Code's first system block: billing data that changes with every version and is no part of the prompt. */
const BILLING = 'x-anthropic-billing-header'

/** `system`, as a separate message; billing blocks are kept with their position and restored in this format only. */
export function readSystem(system: unknown): Message[] {
  if (system === undefined || system === null || (Array.isArray(system) && system.length === 0)) return []
  if (typeof system === 'string') return [{ role: 'system', parts: [textPart(system)], extra: { '~string': true } }]
  const billing: (readonly [number, unknown])[] = []
  const parts: Part[] = []
  for (const [i, part] of readBlocks(system, 'system').entries()) {
    if (part.type === 'text' && part.text.startsWith(BILLING)) billing.push([i, (system as unknown[])[i]])
    else parts.push(part)
  }
  return [{ role: 'system', parts, ...(billing.length > 0 ? { extra: { '~billing': billing } } : {}) }]
}

export function readMessages(value: unknown): Message[] {
  return readEach(needSome(value, 'messages'), 'messages', readMessage).flat()
}

function readMessage(message: Json, path: string): Message[] {
  const role = needOneOf(message.role, `${path}.role`, ['user', 'assistant', 'system'])
  const { content } = message
  const isString = typeof content === 'string'
  const parts = isString ? [textPart(content)] : readBlocks(content, `${path}.content`)
  const extra = spelled(leftover(message, KNOWN_IN_MESSAGE), { '~inline': role === 'system', '~string': isString })
  const read = extra === undefined ? { role, parts } : { role, parts, extra }
  return role === 'user' ? splitResults(read) : [read]
}

/** The leading system messages as `system`, and the rest as `messages`. */
export function writeMessages(messages: readonly Message[]): { readonly system?: unknown; readonly messages: readonly Json[] } {
  const isLeading = ({ role, extra }: Message): boolean => (role === 'system' || role === 'developer') && !isSpelled(extra, '~inline')
  const count = messages.findIndex((message) => !isLeading(message))
  const first = count === -1 ? messages.length : count
  const system = writeSystem(messages.slice(0, first))
  const written: { role: string; content: unknown }[] = []
  for (const message of messages.slice(first)) {
    const last = written.at(-1)
    if (last !== undefined && Array.isArray(last.content) && isSpelled(message.extra, '~joined')) {
      last.content.push(...writeBlocks(message.parts))
      continue
    }
    written.push({ ...wireFields(message.extra), role: wireRole(message), content: writeContent(message) })
  }
  return system === undefined ? { messages: written } : { system, messages: written }
}

function writeSystem(leading: readonly Message[]): unknown {
  const first = leading[0]
  if (first === undefined) return undefined
  if (leading.length === 1 && isSpelled(first.extra, '~string')) return writeContent(first)
  const blocks = leading.flatMap((message) => writeBlocks(message.parts))
  const billing = first.extra?.['~billing'] as readonly (readonly [number, Json])[] | undefined
  for (const [at, block] of billing ?? []) blocks.splice(at, 0, block)
  return blocks
}

function writeContent(message: Message): unknown {
  const only = message.parts[0]
  if (message.parts.length === 1 && only?.type === 'text' && isSpelled(message.extra, '~string')) return only.text
  return writeBlocks(message.parts)
}

function wireRole(message: Message): string {
  switch (message.role) {
    case 'assistant':
      return 'assistant'
    case 'system':
    case 'developer':
      return 'system'
    case 'user':
    case 'tool':
      return 'user'
  }
}
