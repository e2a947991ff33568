import type { Message } from '../../canonical/index.js'
import { isSpelled, wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { writeBlocks } from './write-content.js'

/** The leading system messages as `system`, and the rest as `messages`. */
export function writeMessages(messages: readonly Message[]): { readonly system?: unknown; readonly messages: readonly Json[] } {
  let first = 0
  while (first < messages.length && isLeading(messages[first]!)) first++
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

function isLeading(message: Message): boolean {
  return (message.role === 'system' || message.role === 'developer') && !isSpelled(message.extra, '~inline')
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
