import type { Message } from '../../canonical/index.js'
import { isSpelled, wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { writeParts } from './write-part.js'

/** The leading system messages as `systemInstruction`, and the rest as `contents`. */
export function writeContents(messages: readonly Message[]): { readonly systemInstruction?: Json; readonly contents: readonly Json[] } {
  let first = 0
  while (messages[first]?.role === 'system' || messages[first]?.role === 'developer') first++
  const leading = messages.slice(0, first)
  const contents: { role?: string; parts?: unknown }[] = []
  for (const message of messages.slice(first)) {
    const last = contents.at(-1)
    const parts = writeParts(message.parts)
    if (isSpelled(message.extra, '~joined') && Array.isArray(last?.parts)) last.parts.push(...parts)
    else contents.push({ ...wireFields(message.extra), ...roleOf(message), ...partsOf(message, parts) })
  }
  if (leading.length === 0) return { contents }
  const parts = leading.flatMap((message) => writeParts(message.parts))
  const spelled = leading.length === 1 ? partsOf(leading[0]!, parts) : { parts }
  return { systemInstruction: { ...wireFields(leading[0]?.extra), ...spelled }, contents }
}

function roleOf(message: Message): { readonly role?: string } {
  if (message.role === 'assistant') return { role: 'model' }
  if (isSpelled(message.extra, '~norole')) return {}
  return { role: isSpelled(message.extra, '~function') ? 'function' : 'user' }
}

function partsOf(message: Message, parts: Json[]): { readonly parts?: unknown } {
  if (isSpelled(message.extra, '~noparts') && parts.length === 0) return {}
  return { parts: isSpelled(message.extra, '~onepart') && parts.length === 1 ? parts[0] : parts }
}
