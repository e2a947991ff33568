import type { BlockStart } from '../../canonical/index.js'
import { unwrapText } from '../calls.js'
import type { ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { type CallShape, callItem, callShape, itemId, messageItem, reasoningItem, textContent } from './output-item.js'

/** One event as text; the writer adds the running number. */
export type Emit = (type: string, fields: Json) => string

/** An item that is being written. */
export interface OpenItem {
  readonly kind: 'text' | 'refusal' | 'reasoning' | 'call' | 'opaque'
  readonly id: string
  readonly place: number
  /** The item, and the part of its content, as they are announced. */
  readonly announced: Json
  readonly part: Json | null
  text: string
  readonly logprobs: unknown[]
  signature?: string
  redacted?: boolean
  readonly call?: { readonly callId: string; readonly shape: CallShape }
}

/** The item of a block; null for what this format has no item for. */
export function openBlock(block: BlockStart, place: number, context: ReplyContext): OpenItem | null {
  switch (block.kind) {
    case 'text':
    case 'refusal': {
      const id = itemId('msg', context, place)
      const part = block.kind === 'text' ? textContent('') : { type: 'refusal', refusal: '' }
      return opened(block.kind, id, place, messageItem(id, [], 'in_progress'), part)
    }
    case 'reasoning': {
      const id = itemId('rs', context, place)
      return opened('reasoning', id, place, reasoningItem(id, '', undefined, false))
    }
    case 'tool-call': {
      const shape = callShape(block.name, context)
      const id = itemId(shape.freeText ? 'ctc' : 'fc', context, place)
      return { ...opened('call', id, place, callItem(id, block.id, '', shape, 'in_progress')), call: { callId: block.id, shape } }
    }
    case 'opaque':
      return block.format === 'openai-responses' ? opened('opaque', '', place, block.value as Json) : null
  }
}

function opened(kind: OpenItem['kind'], id: string, place: number, announced: Json, part: Json | null = null): OpenItem {
  return { kind, id, place, announced, part, text: '', logprobs: [] }
}

export function writeOpening({ id, place, announced, part }: OpenItem, emit: Emit): string {
  const added = emit('response.output_item.added', { output_index: place, item: announced })
  return part === null ? added : added + emit('response.content_part.added', { item_id: id, output_index: place, content_index: 0, part })
}

export function writeDelta(item: OpenItem, delta: string, emit: Emit): string {
  const first = item.text === ''
  item.text += delta
  const at = { item_id: item.id, output_index: item.place }
  switch (item.kind) {
    case 'text':
      return emit('response.output_text.delta', { ...at, content_index: 0, delta, logprobs: [] })
    case 'refusal':
      return emit('response.refusal.delta', { ...at, content_index: 0, delta })
    case 'reasoning': {
      const opening = first
        ? emit('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { type: 'summary_text', text: '' } })
        : ''
      return opening + emit('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta })
    }
    case 'call':
      // Free text arrives wrapped in JSON and is known only when whole.
      return item.call?.shape.freeText ? '' : emit('response.function_call_arguments.delta', { ...at, delta })
    case 'opaque':
      return ''
  }
}

/** The events that close the item, and the item as the final response repeats it. */
export function endBlock(item: OpenItem, emit: Emit): { readonly text: string; readonly done: Json } {
  const [closing, done] = closeItem(item, emit)
  return { text: closing + emit('response.output_item.done', { output_index: item.place, item: done }), done }
}

function closeItem(item: OpenItem, emit: Emit): readonly [closing: string, done: Json] {
  const at = { item_id: item.id, output_index: item.place }
  switch (item.kind) {
    case 'text': {
      const part = textContent(item.text, item.logprobs)
      const said = emit('response.output_text.done', { ...at, content_index: 0, text: item.text, logprobs: item.logprobs })
      return [said + emit('response.content_part.done', { ...at, content_index: 0, part }), messageItem(item.id, [part])]
    }
    case 'refusal': {
      const part = { type: 'refusal', refusal: item.text }
      const said = emit('response.refusal.done', { ...at, content_index: 0, refusal: item.text })
      return [said + emit('response.content_part.done', { ...at, content_index: 0, part }), messageItem(item.id, [part])]
    }
    case 'reasoning': {
      const done = reasoningItem(item.id, item.text, item.signature, item.redacted)
      if (item.text === '') return ['', done]
      const part = { type: 'summary_text', text: item.text }
      const said = emit('response.reasoning_summary_text.done', { ...at, summary_index: 0, text: item.text })
      return [said + emit('response.reasoning_summary_part.done', { ...at, summary_index: 0, part }), done]
    }
    case 'call': {
      const { callId, shape } = item.call!
      const args = item.text === '' ? '{}' : item.text
      const done = callItem(item.id, callId, args, shape, 'completed')
      if (!shape.freeText) return [emit('response.function_call_arguments.done', { ...at, ...shape.named, arguments: args }), done]
      const input = unwrapText(args)
      const delta = emit('response.custom_tool_call_input.delta', { ...at, delta: input })
      return [delta + emit('response.custom_tool_call_input.done', { ...at, input }), done]
    }
    case 'opaque':
      return ['', item.announced]
  }
}
