import type { Part, PartOf } from '../../canonical/index.js'
import { wrapText } from '../calls.js'
import { type Json, leftover, mayString, needString, present, recordsIn } from '../json.js'
import { unseal } from './output-item.js'
import { readParts } from './parts.js'
import { joinName } from './tools.js'

const KNOWN = {
  message: new Set(['type', 'role', 'content']),
  reasoning: new Set(['type', 'id', 'encrypted_content']),
  call: new Set(['type', 'call_id', 'name', 'arguments', 'namespace']),
  customCall: new Set(['type', 'call_id', 'name', 'input', 'namespace']),
  output: new Set(['type', 'call_id', 'output']),
} as const

/** Fields of a message item besides its content; `~type` notes that the client left `type` out. */
export function messageExtra(item: Json): Record<string, unknown> | undefined {
  const extra: Record<string, unknown> = { ...leftover(item, KNOWN.message) }
  if (typeof item.content === 'string') extra['~string'] = true
  if (item.type === undefined) extra['~untyped'] = true
  return Object.keys(extra).length === 0 ? undefined : extra
}

/** Content of a message item: a string or parts. */
export function readContent(item: Json, path: string): Part[] {
  const { content } = item
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content === undefined || content === null
    ? []
    : readParts(content, `${path}.content`, item.role === 'assistant' ? 'output_text' : 'input_text')
}

/**
 * An item of an assistant's turn as parts. Its own fields ride on its first part under `~item`, which also marks where one
 * item ends and the next begins.
 */
export function readAssistantItem(item: Json, path: string): Part[] {
  switch (item.type) {
    case 'reasoning':
      return [readReasoning(item, path)]
    case 'function_call':
    case 'custom_tool_call':
      return [readCall(item, path)]
    case undefined:
    case 'message': {
      const [first, ...rest] = readContent(item, path)
      // An empty message has no part to ride on.
      if (first === undefined) return [opaqueItem(item)]
      return [{ ...first, extra: { ...first.extra, '~item': messageExtra(item) ?? {} } }, ...rest]
    }
    default:
      return [opaqueItem(item)]
  }
}

export function opaqueItem(item: Json): Part {
  return { type: 'opaque', format: 'openai-responses', kind: String(item.type ?? 'message'), value: item }
}

function readReasoning(item: Json, path: string): PartOf<'reasoning'> {
  const sealed = mayString(item.encrypted_content, `${path}.encrypted_content`)
  return {
    type: 'reasoning',
    text: reasoningText(item),
    ...(sealed === undefined ? {} : unseal(sealed)),
    ...present({ id: mayString(item.id, `${path}.id`), extra: leftover(item, KNOWN.reasoning) }),
  }
}

/** The paragraphs of a summary, and of reasoning in full where a server gives it. */
export function reasoningText({ summary, content }: Json): string {
  const entries = [...recordsIn(summary), ...recordsIn(content)]
  return entries.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n\n')
}

function readCall(item: Json, path: string): Part {
  const custom = item.type === 'custom_tool_call'
  const extra = custom ? { ...leftover(item, KNOWN.customCall), '~custom': true } : leftover(item, KNOWN.call)
  return {
    type: 'tool-call',
    id: needString(item.call_id, `${path}.call_id`),
    ...nameOf(item, path, extra),
    args: custom ? wrapText(needString(item.input, `${path}.input`)) : needString(item.arguments, `${path}.arguments`),
  }
}

function nameOf(item: Json, path: string, extra: Record<string, unknown> | undefined): { name: string; extra?: Record<string, unknown> } {
  const name = needString(item.name, `${path}.name`)
  const namespace = mayString(item.namespace, `${path}.namespace`)
  if (namespace === undefined) return { name, ...present({ extra }) }
  return { name: joinName(namespace, name), extra: { ...extra, '~named': { namespace, name } } }
}

/** The output of a call that the client ran. */
export function readOutput(item: Json, path: string): Part {
  const { output } = item
  const custom = item.type === 'custom_tool_call_output'
  const plain = typeof output === 'string'
  const extra: Record<string, unknown> = { ...leftover(item, KNOWN.output) }
  if (custom) extra['~custom'] = true
  if (!plain) extra['~parts'] = true
  const text: Part[] = plain && output !== '' ? [{ type: 'text', text: output }] : []
  return {
    type: 'tool-result',
    callId: needString(item.call_id, `${path}.call_id`),
    parts: plain ? text : readParts(output, `${path}.output`, 'input_text'),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  }
}
