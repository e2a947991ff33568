import type { BlockStart, Event } from '../../canonical/index.js'
import { WRAP_END, WRAP_START, wrapPiece } from '../calls.js'
import { isRecord, type Json, listOf, present, recordOf } from '../json.js'
import { replyHead } from '../replies.js'
import { unseal } from './output-item.js'
import { reasoningText } from './read-item.js'
import { joinName } from './tools.js'

type TextKind = 'text' | 'refusal' | 'reasoning'

interface OpenBlock {
  readonly index: number
  readonly kind: TextKind | 'function' | 'custom'
  /** Whether any of its text has come: servers that send no deltas give all of it at the end. */
  said: boolean
  /** Whether log probabilities have come with its deltas. */
  probed: boolean
}

export function newStream() {
  return {
    started: false,
    done: false,
    blocks: 0,
    calls: false,
    /** By place: the item's `output_index` and, for messages, the content's. */
    open: new Map<string, OpenBlock>(),
    /** The place of the item that has begun and not ended; empty between items. */
    current: '',
    /** Messages that have begun. */
    begun: new Set<string>(),
    /** Messages whose content has come in parts. */
    spoken: new Set<string>(),
  }
}
export type StreamState = ReturnType<typeof newStream>

export function startStream(state: StreamState, response: Json, out: Event[]): void {
  if (state.started) return
  state.started = true
  out.push({ type: 'start', ...replyHead(response.id, response.model, response.created_at) })
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/**
 * llama.cpp numbers no items, and gives calls no id of an item's (github.com/ggml-org/llama.cpp/issues/20607). What was made for Codex alone
 * may not even name the item that a delta is of.
 */
function itemPlace(state: StreamState, { output_index: index, item_id: id, item }: Json): string {
  const { id: own, call_id: call } = recordOf(item)
  return String(index ?? id ?? own ?? call ?? state.current)
}

function placeOf(state: StreamState, value: Json, kind: TextKind): string {
  const place = itemPlace(state, value)
  return kind === 'reasoning' ? place : `${place}/${String(value.content_index ?? 0)}`
}

function openBlock(state: StreamState, place: string, kind: OpenBlock['kind'], block: BlockStart, out: Event[]): OpenBlock {
  startStream(state, {}, out)
  const opened: OpenBlock = { index: state.blocks++, kind, said: false, probed: false }
  state.open.set(place, opened)
  out.push({ type: 'block-start', index: opened.index, choice: 0, block })
  return opened
}

function openText(state: StreamState, value: Json, kind: TextKind, out: Event[]): OpenBlock {
  const place = placeOf(state, value, kind)
  if (kind !== 'reasoning') state.spoken.add(itemPlace(state, value))
  return state.open.get(place) ?? openBlock(state, place, kind, { kind }, out)
}

export function startItem(state: StreamState, value: Json, item: Json, out: Event[]): void {
  const place = itemPlace(state, value)
  state.current = place
  if (item.type === 'message') state.begun.add(place)
  else if (item.type === 'reasoning') {
    openBlock(state, place, 'reasoning', { kind: 'reasoning', ...present({ id: typeof item.id === 'string' ? item.id : undefined }) }, out)
  } else if (item.type === 'function_call' || item.type === 'custom_tool_call') {
    const kind = item.type === 'custom_tool_call' ? 'custom' : 'function'
    const name = typeof item.namespace === 'string' ? joinName(item.namespace, textOf(item.name)) : textOf(item.name)
    const call = openBlock(state, place, kind, { kind: 'tool-call', id: textOf(item.call_id), name }, out)
    state.calls = true
    if (kind === 'custom') out.push({ type: 'delta', index: call.index, text: WRAP_START })
  }
}

export function readDelta(state: StreamState, value: Json, kind: TextKind, out: Event[]): void {
  const block = openText(state, value, kind, out)
  say(block, textOf(value.delta), out)
  readLogprobs(block, value, out)
}

function readLogprobs(block: OpenBlock, value: Json, out: Event[]): void {
  if (block.kind !== 'text' || !Array.isArray(value.logprobs) || value.logprobs.length === 0) return
  block.probed = true
  out.push({ type: 'logprobs', choice: 0, content: value.logprobs as unknown[] })
}

/** The end of a content part: its text, if that did not come in deltas. */
export function endContent(state: StreamState, value: Json, kind: 'text' | 'refusal', all: string, out: Event[]): void {
  const block = openText(state, value, kind, out)
  if (!block.said) say(block, all, out)
  if (!block.probed) readLogprobs(block, value, out)
  close(state, placeOf(state, value, kind), out)
}

/** Parts of a summary are paragraphs. */
export function separateSummary(state: StreamState, value: Json, out: Event[]): void {
  const block = state.open.get(itemPlace(state, value))
  if (block?.said) say(block, '\n\n', out)
}

export function readCallDelta(state: StreamState, value: Json, out: Event[]): void {
  const block = state.open.get(itemPlace(state, value))
  if (block !== undefined) say(block, textOf(value.delta), out)
}

/** All arguments of a call, if they did not come in deltas. */
export function readCallEnd(state: StreamState, value: Json, out: Event[]): void {
  const block = state.open.get(itemPlace(state, value))
  if (block?.said === false) say(block, textOf(value.arguments ?? value.input), out)
}

function say(block: OpenBlock, piece: string, out: Event[]): void {
  if (piece === '') return
  block.said = true
  out.push({ type: 'delta', index: block.index, text: block.kind === 'custom' ? wrapPiece(piece) : piece })
}

function close(state: StreamState, place: string, out: Event[]): void {
  const block = state.open.get(place)
  if (block === undefined) return
  state.open.delete(place)
  if (block.kind === 'custom') out.push({ type: 'delta', index: block.index, text: WRAP_END })
  out.push({ type: 'block-end', index: block.index })
}

/** Items whose end did not come: some servers say all of an item, or of the whole answer, at the end only. */
export function endOpen(state: StreamState, output: readonly Json[], out: Event[]): void {
  const none = state.blocks === 0
  const isOpen = (place: string): boolean => state.open.has(place) || (state.begun.has(place) && !state.spoken.has(place))
  for (const [i, item] of output.entries()) {
    const at = [{ output_index: i }, { item }].find((value) => none || isOpen(itemPlace(state, value)))
    if (at !== undefined) endItem(state, at, item, out)
  }
  for (const place of [...state.open.keys()]) close(state, place, out)
}

/** The end of an item, which holds all of it; what did not come before is given now. */
export function endItem(state: StreamState, value: Json, item: Json, out: Event[]): void {
  const isKnown = (at: string): boolean => [state.open, state.begun, state.spoken].some((places) => places.has(at))
  const own = itemPlace(state, value)
  // Its deltas came without its beginning and without its name.
  const place = !isKnown(own) && isKnown('') ? '' : own
  switch (item.type) {
    case 'message':
      endMessage(state, { output_index: place }, item, out)
      break
    case 'reasoning':
    case 'function_call':
    case 'custom_tool_call': {
      if (!state.open.has(place)) startItem(state, { output_index: place }, item, out)
      const block = state.open.get(place)!
      if (!block.said) say(block, item.type === 'reasoning' ? reasoningText(item) : textOf(item.arguments ?? item.input), out)
      if (typeof item.encrypted_content === 'string') out.push({ type: 'signature', index: block.index, ...unseal(item.encrypted_content) })
      close(state, place, out)
      break
    }
    default: {
      startStream(state, {}, out)
      const index = state.blocks++
      const block = { kind: 'opaque', format: 'openai-responses', value: item } as const
      out.push({ type: 'block-start', index, choice: 0, block }, { type: 'block-end', index })
    }
  }
  state.current = ''
  state.spoken.delete('')
}

function endMessage(state: StreamState, value: Json, item: Json, out: Event[]): void {
  const spoken = state.spoken.has(itemPlace(state, value))
  for (const [i, part] of listOf(item.content).entries()) {
    const at = { ...value, content_index: i }
    if (spoken) close(state, placeOf(state, at, 'text'), out)
    else if (isRecord(part)) {
      const kind = part.type === 'refusal' ? 'refusal' : 'text'
      endContent(state, at, kind, textOf(part.text ?? part.refusal), out)
    }
  }
}
