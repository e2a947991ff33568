import type { BlockStart, Event } from '../../canonical/index.js'
import { isRecord, type Json } from '../json.js'

interface OpenBlock {
  readonly index: number
  readonly block: BlockStart
  /** Arguments sent completely at the start, as some servers do; used when no delta follows. */
  readonly args: string
  wroteDelta: boolean
}

export function newStream() {
  return {
    started: false,
    done: false,
    /** Neutral index of the next block. */
    next: 0,
    /** The blocks that have begun and not ended, by the provider's own index. */
    open: new Map<number, OpenBlock>(),
    usage: undefined as Json | undefined,
    stop: undefined as { readonly reason: string; readonly sequence: string | undefined } | undefined,
  }
}
export type StreamState = ReturnType<typeof newStream>

export function startBlock(state: StreamState, at: number, content: Json): Event[] {
  const index = state.next++
  const block = blockOf(content)
  const ended = endBlock(state, at)
  const args =
    block.kind === 'tool-call' && isRecord(content.input) && Object.keys(content.input).length > 0 ? JSON.stringify(content.input) : '{}'
  const open: OpenBlock = { index, block, args, wroteDelta: false }
  state.open.set(at, open)
  const events: Event[] = [...ended, { type: 'block-start', index, choice: 0, block }]
  // Some servers put the first words, or the complete signature, into the start.
  for (const first of [content.text, content.thinking])
    if (typeof first === 'string' && block.kind !== 'opaque') events.push(...text(open, first))
  const signature = content.type === 'redacted_thinking' ? content.data : content.signature
  if (block.kind === 'reasoning' && typeof signature === 'string' && signature !== '') {
    events.push({ type: 'signature', index, signature, ...(content.type === 'redacted_thinking' ? { redacted: true } : {}) })
  }
  return events
}

function blockOf(content: Json): BlockStart {
  switch (content.type) {
    case 'text':
      return { kind: 'text' }
    case 'thinking':
    case 'redacted_thinking':
      return { kind: 'reasoning' }
    case 'tool_use':
      return { kind: 'tool-call', id: String(content.id ?? ''), name: String(content.name ?? '') }
    default:
      return { kind: 'opaque', format: 'anthropic-messages', value: content }
  }
}

const CONTENT_OF_DELTA: Readonly<Record<string, string>> = { text_delta: 'text', thinking_delta: 'thinking', signature_delta: 'thinking' }

export function readDelta(state: StreamState, at: number, delta: Json): Event[] {
  const events: Event[] = []
  const wanted = CONTENT_OF_DELTA[String(delta.type)]
  let open = state.open.get(at)
  // A server may leave the start out, or send thinking inside a text block: words of another kind are another block.
  if (wanted !== undefined && (open === undefined || open.block.kind !== blockOf({ type: wanted }).kind)) {
    events.push(...startBlock(state, at, { type: wanted }))
    open = state.open.get(at)
  }
  if (open === undefined) return events
  if (typeof delta.signature === 'string') events.push({ type: 'signature', index: open.index, signature: delta.signature })
  for (const piece of [delta.text, delta.thinking, delta.partial_json]) if (typeof piece === 'string') events.push(...text(open, piece))
  return events
}

function text(open: OpenBlock, piece: string): Event[] {
  if (piece === '') return []
  open.wroteDelta = true
  return [{ type: 'delta', index: open.index, text: piece }]
}

export function endBlock(state: StreamState, at: number): Event[] {
  const open = state.open.get(at)
  if (open === undefined) return []
  state.open.delete(at)
  const args = open.block.kind === 'tool-call' && !open.wroteDelta ? text(open, open.args) : []
  return [...args, { type: 'block-end', index: open.index }]
}
