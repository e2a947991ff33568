import type { Message, Part, Role } from '../../canonical/index.js'
import { badField, type Json, needArray, needRecord, present } from '../json.js'
import { messageExtra, opaqueItem, readAssistantItem, readContent, readOutput } from './read-item.js'

const OUTPUTS: ReadonlySet<unknown> = new Set(['function_call_output', 'custom_tool_call_output'])

/**
 * `instructions` and the items of `input` as messages. The items of one assistant's turn (reasoning, words, calls) become one
 * message, and so do the outputs that answer it.
 */
export function readInput(instructions: unknown, input: unknown): Message[] {
  const messages: Message[] = []
  if (typeof instructions === 'string') {
    messages.push({ role: 'system', parts: textParts(instructions), extra: { '~instructions': true } })
  }
  if (typeof input === 'string') {
    messages.push({ role: 'user', parts: textParts(input), extra: { '~input': true } })
    return messages
  }
  let open = null as { readonly role: Role; readonly parts: Part[] } | null
  for (const [i, raw] of needArray(input, 'input').entries()) {
    const path = `input.${i}`
    const item = needRecord(raw, path)
    const role = roleOf(item, path)
    if (role === 'assistant' || role === 'tool') {
      if (open?.role !== role) {
        open = { role, parts: [] }
        messages.push(open)
      }
      if (role === 'assistant') open.parts.push(...readAssistantItem(item, path))
      else open.parts.push(OUTPUTS.has(item.type) ? readOutput(item, path) : opaqueItem(item))
      continue
    }
    open = null
    messages.push(
      isMessage(item)
        ? { role, parts: readContent(item, path), ...present({ extra: messageExtra(item) }) }
        : { role, parts: [opaqueItem(item)] },
    )
  }
  return messages
}

function textParts(text: string): Part[] {
  return text === '' ? [] : [{ type: 'text', text }]
}

function isMessage(item: Json): boolean {
  return item.type === undefined || item.type === 'message'
}

/** Whose turn an item belongs to. Items not known here go by their role, or by how their type ends. */
function roleOf(item: Json, path: string): Role {
  const { role, type } = item
  if (role === 'user' || role === 'assistant' || role === 'system' || role === 'developer') return role
  if (isMessage(item)) throw badField(`${path}.role`, '"user", "assistant", "system" or "developer"', role)
  if (typeof type !== 'string') throw badField(`${path}.type`, 'a string', type)
  if (type.endsWith('_output')) return 'tool'
  return type === 'reasoning' || type.endsWith('_call') ? 'assistant' : 'developer'
}
