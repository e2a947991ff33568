import type { Message, Part, Role } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { badField, type Json, leftover, needRecord, needSome, present } from '../json.js'
import { splitResults } from '../split-results.js'
import { readBlocks, textPart } from './read-content.js'

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
  const messages: Message[] = []
  for (const [i, raw] of needSome(value, 'messages').entries()) {
    const path = `messages.${i}`
    const message = needRecord(raw, path)
    const role = readRole(message, path)
    const extra = leftover(message, KNOWN_IN_MESSAGE)
    const marks: `~${string}`[] = role === 'system' ? ['~inline'] : []
    if (typeof message.content === 'string') {
      messages.push({ role, parts: [textPart(message.content)], ...present({ extra: spelled(extra, ...marks, '~string') }) })
      continue
    }
    const parts = readBlocks(message.content, `${path}.content`)
    const noted = spelled(extra, ...marks)
    const read = noted === undefined ? { role, parts } : { role, parts, extra: noted }
    if (role === 'user') messages.push(...splitResults(read))
    else messages.push(read)
  }
  return messages
}

function readRole(message: Json, path: string): Role {
  const { role } = message
  if (role === 'user' || role === 'assistant' || role === 'system') return role
  throw badField(`${path}.role`, '"user", "assistant" or "system"', role)
}
