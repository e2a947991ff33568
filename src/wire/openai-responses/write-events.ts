import { type BlockStart, type Event, mergeUsage, NO_USAGE, type Reply, type StopReason } from '../../canonical/index.js'
import { encodeSse, type Fault } from '../../kit/index.js'
import type { EventWriter, ReplyContext } from '../codec.js'
import { eventsOfReply } from '../events-of-reply.js'
import type { Json } from '../json.js'
import { errorBody } from '../openai-fault.js'
import { callSignatureItem, responseOf } from './output-item.js'
import { writeStatus } from './status.js'
import { writeUsage } from './usage.js'
import { type Emit, endBlock, type OpenItem, openBlock, writeDelta, writeOpening } from './write-blocks.js'

function newState(context: ReplyContext) {
  return {
    context,
    sequence: 0,
    open: new Map<number, OpenItem>(),
    /** Finished items by their place. */
    output: [] as Json[],
    places: 0,
    finish: 'stop' as StopReason,
    usage: NO_USAGE,
  }
}
type WriterState = ReturnType<typeof newState>

/** Events as a genuine Responses stream: items and content parts are announced, filled and closed, and the end repeats the whole. */
export function eventWriter(context: ReplyContext): EventWriter {
  const state = newState(context)
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
      if (item !== undefined) Object.assign(item, { signature: event.signature, redacted: event.redacted === true })
      return ''
    }
    case 'logprobs':
      // They belong to the words just written, and are repeated with the whole text.
      for (const item of state.open.values()) if (item.kind === 'text' && event.choice === 0) item.logprobs.push(...event.content)
      return ''
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
    case 'end': {
      const response = responseAtEnd(state)
      return emit(`response.${response.status}`, { response })
    }
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

function responseAtEnd({ context, finish, output, usage }: WriterState): Json {
  return responseOf(context, { ...writeStatus(finish), output, usage: writeUsage(usage) })
}

/**
 * An error inside a stream, as OpenAI sends it: an `error` event, then the response as failed, by a code that tells Codex whether to wait;
 * one without a code is `server_error`.
 */
export function writeFailure(fault: Fault, context: ReplyContext | null, fields: Json, sequence: number): string {
  const { message, code, param } = errorBody(fault)
  const failed = { status: 'failed', error: { code: code ?? 'server_error', message }, ...fields }
  const response = context === null ? { object: 'response', output: [], ...failed } : responseOf(context, failed)
  return (
    encodeSse(JSON.stringify({ type: 'error', sequence_number: sequence, code, message, param }), 'error') +
    encodeSse(JSON.stringify({ type: 'response.failed', sequence_number: sequence + 1, response }), 'response.failed')
  )
}

/** A complete answer as a response object: the one that its stream would end with. */
export function writeReply(reply: Reply, context: ReplyContext): Json {
  const state = newState(context)
  for (const event of eventsOfReply(reply)) writeEvent(state, () => '', event)
  return responseAtEnd(state)
}
