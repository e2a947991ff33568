import {
  type BlockStart,
  type Event,
  type EventOf,
  mergeUsage,
  NO_USAGE,
  type Reply,
  type StopReason,
  type Usage,
} from '../../canonical/index.js'
import { encodeSse, type Fault } from '../../kit/index.js'
import type { EventWriter, ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { errorBody } from '../openai-fault.js'
import { callSignatureItem, itemOfPart, messageItem, responseOf, textContent } from './output-item.js'
import { writeStatus } from './status.js'
import { writeUsage } from './usage.js'
import { type Emit, endBlock, type OpenItem, openBlock, signBlock, writeDelta, writeOpening } from './write-blocks.js'

interface WriterState {
  readonly context: ReplyContext
  sequence: number
  readonly open: Map<number, OpenItem>
  /** Finished items by their place. */
  readonly output: Json[]
  places: number
  finish: StopReason
  usage: Usage
}

/** Events as a genuine Responses stream: items and content parts are announced, filled and closed, and the end repeats the whole. */
export function eventWriter(context: ReplyContext): EventWriter {
  const state: WriterState = {
    context,
    sequence: 0,
    open: new Map(),
    output: [],
    places: 0,
    finish: 'stop',
    usage: NO_USAGE,
  }
  const emit: Emit = (type, fields) =>
    `event: ${type}\ndata: {"type":"${type}","sequence_number":${state.sequence++},${JSON.stringify(fields).slice(1)}\n\n`
  return { write: (event) => writeEvent(state, emit, event) }
}

function writeEvent(state: WriterState, emit: Emit, event: Event): string {
  switch (event.type) {
    case 'start':
      return emit('response.created', { response: unfinished(state) }) + emit('response.in_progress', { response: unfinished(state) })
    case 'block-start':
      // The format has one choice; n cannot be asked for.
      return event.choice === 0 ? openItem(state, emit, event.index, event.block) : ''
    case 'delta': {
      const item = state.open.get(event.index)
      return item === undefined ? '' : writeDelta(item, event.text, emit)
    }
    case 'signature': {
      const item = state.open.get(event.index)
      if (item !== undefined) signBlock(item, event)
      return ''
    }
    case 'logprobs':
      return writeLogprobs(state, event)
    case 'block-end': {
      const item = state.open.get(event.index)
      if (item === undefined) return ''
      state.open.delete(event.index)
      const { text, done } = endBlock(item, emit)
      state.output[item.place] = done
      return text
    }
    case 'finish':
      if (event.choice === 0) state.finish = event.reason
      return ''
    case 'usage':
      state.usage = mergeUsage(state.usage, event.usage)
      return ''
    case 'error':
      return writeFailure(
        event.fault,
        state.context,
        { output: state.output.filter(Boolean), usage: writeUsage(state.usage) },
        state.sequence,
      )
    case 'end':
      return writeEnd(state, emit)
  }
}

function openItem(state: WriterState, emit: Emit, index: number, block: BlockStart): string {
  const lead = block.kind === 'tool-call' && block.signature ? signCall(state, emit, block.signature) : ''
  const item = openBlock(block, state.places, state.context)
  if (item === null) return ''
  state.open.set(index, item)
  state.places++
  return lead + writeOpening(item, emit)
}

function signCall(state: WriterState, emit: Emit, signature: string): string {
  const output_index = state.places++
  const item = callSignatureItem(state.context, output_index, signature)
  state.output[output_index] = item
  return emit('response.output_item.added', { output_index, item }) + emit('response.output_item.done', { output_index, item })
}

function unfinished(state: WriterState): Json {
  return responseOf(state.context, { status: 'in_progress', output: [], usage: null })
}

/** Log probabilities belong to the words just written; they are repeated with the whole text. */
function writeLogprobs(state: WriterState, event: EventOf<'logprobs'>): string {
  if (event.choice !== 0) return ''
  for (const item of state.open.values()) if (item.kind === 'text') item.logprobs.push(...event.content)
  return ''
}

function writeEnd(state: WriterState, emit: Emit): string {
  const ending = writeStatus(state.finish)
  const response = responseOf(state.context, { ...ending, output: state.output, usage: writeUsage(state.usage) })
  return emit(`response.${ending.status}`, { response })
}

/** `response.failed` names what Codex knows how to wait out; other faults keep the provider's word or are `server_error`. */
function failure(fault: Fault): Json {
  const { message, code } = errorBody(fault)
  return { code: code ?? 'server_error', message }
}

/** An error inside a stream, as OpenAI sends it: an `error` event, then the response as failed. */
export function writeFailure(fault: Fault, context: ReplyContext | null, fields: Json, sequence: number): string {
  const { message, code, param } = errorBody(fault)
  const failed = { status: 'failed', error: failure(fault), ...fields }
  const response = context === null ? { object: 'response', output: [], ...failed } : responseOf(context, failed)
  return (
    encodeSse(JSON.stringify({ type: 'error', sequence_number: sequence, code, message, param }), 'error') +
    encodeSse(JSON.stringify({ type: 'response.failed', sequence_number: sequence + 1, response }), 'response.failed')
  )
}

/** A complete answer as a response object. The format has one choice; further ones are left out. */
export function writeReply(reply: Reply, context: ReplyContext): Json {
  const choice = reply.choices[0]
  const output: Json[] = []
  let logprobs = choice?.logprobs
  for (const part of choice?.parts ?? []) {
    // An item's id is that of its place, as in a stream.
    if (part.type === 'tool-call' && part.signature) output.push(callSignatureItem(context, output.length, part.signature))
    const item = itemOfPart(part, context, output.length)
    if (item === null) continue
    if (part.type === 'text' && logprobs !== undefined) {
      output.push(messageItem(String(item.id), [textContent(part.text, logprobs)]))
      logprobs = undefined
    } else output.push(item)
  }
  return responseOf(context, { ...writeStatus(choice?.finish ?? 'stop'), output, usage: writeUsage(reply.usage) })
}
