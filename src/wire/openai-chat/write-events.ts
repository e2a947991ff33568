import { type Event, type EventOf, mergeUsage, type Usage } from '../../canonical/index.js'
import { encodeSse } from '../../kit/index.js'
import { unwrapText } from '../calls.js'
import type { EventWriter, ReplyContext } from '../codec.js'
import { errorBody } from '../openai-fault.js'
import { answerId } from '../replies.js'
import { writeFinish } from './finish.js'
import { wantsLegacy } from './other-shapes.js'
import { isFreeTextTool } from './reply.js'
import { signed } from './tool-calls.js'
import { writeUsage } from './usage.js'

type OpenBlock = { readonly choice: number } & (
  | { readonly kind: 'text' | 'refusal' | 'reasoning'; text: string }
  | { readonly kind: 'tool-call'; readonly call: number; said: boolean }
  /** A free-text call is recognisable only when complete, so it is sent at its end. */
  | { readonly kind: 'free-text'; readonly id: string; readonly name: string; args: string }
  | { readonly kind: 'function-call'; said: boolean }
  | { readonly kind: 'hidden' }
)

function newState(context: ReplyContext) {
  const { created, model } = context
  const id = answerId('chatcmpl-', context.id)
  return {
    context,
    legacy: wantsLegacy(context.request),
    /** What every chunk begins with, up to the choice's number. */
    head: `${JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1)},"choices":[`,
    blocks: new Map<number, OpenBlock>(),
    /** Tool calls so far, by choice; a choice is in it once its role was sent. */
    calls: new Map<number, number>(),
    usage: null as Usage | null,
  }
}
type WriterState = ReturnType<typeof newState>

/** Events as the chunks of a chat stream, framing and `[DONE]` included. */
export function eventWriter(context: ReplyContext): EventWriter {
  const state = newState(context)
  return { write: (event) => writeEvent(state, event) }
}

function writeEvent(state: WriterState, event: Event): string {
  switch (event.type) {
    case 'start':
      return ''
    case 'block-start':
      return startBlock(state, event)
    case 'delta':
      return writeDelta(state, event.index, event.text)
    case 'signature':
      return writeSignature(state, event)
    case 'logprobs':
      return (
        role(state, event.choice, '""') + chunk(state, event.choice, '{}', `{"content":${JSON.stringify(event.content)},"refusal":null}`)
      )
    case 'block-end':
      return endBlock(state, event.index)
    case 'finish':
      return role(state, event.choice, '""') + chunk(state, event.choice, '{}', 'null', `"${writeFinish(event.reason, state.legacy)}"`)
    case 'usage':
      state.usage = state.usage === null ? event.usage : mergeUsage(state.usage, event.usage)
      return ''
    case 'error':
      return encodeSse(JSON.stringify({ error: errorBody(event.fault) }))
    case 'end':
      return usageChunk(state) + encodeSse('[DONE]')
  }
}

function chunk(state: WriterState, choice: number, delta: string, logprobs = 'null', finish = 'null'): string {
  return `data: ${state.head}{"index":${choice},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}]}\n\n`
}

/** The chunk that opens a choice; empty when it was sent. */
function role(state: WriterState, choice: number, content: '""' | 'null'): string {
  if (state.calls.has(choice)) return ''
  state.calls.set(choice, 0)
  return chunk(state, choice, `{"role":"assistant","content":${content}}`)
}

function startBlock(state: WriterState, { index, choice, block }: EventOf<'block-start'>): string {
  switch (block.kind) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      state.blocks.set(index, { kind: block.kind, choice, text: '' })
      return role(state, choice, block.kind === 'text' ? '""' : 'null')
    case 'tool-call': {
      const opening = role(state, choice, 'null')
      const { id, name, signature } = block
      if (!state.legacy && isFreeTextTool(name, state.context)) {
        state.blocks.set(index, { kind: 'free-text', choice, id, name, args: '' })
        return opening
      }
      const call = nextCall(state, choice)
      if (state.legacy) {
        // The old shape has room for one call.
        state.blocks.set(index, call > 0 ? { kind: 'hidden', choice } : { kind: 'function-call', choice, said: false })
        return opening + (call > 0 ? '' : functionChunk(state, choice, { name, arguments: '' }))
      }
      state.blocks.set(index, { kind: 'tool-call', choice, call, said: false })
      const head = { index: call, id, type: 'function', function: { name, arguments: '' } }
      return opening + callChunk(state, choice, signature === undefined ? head : { ...head, ...signed(signature) })
    }
    case 'opaque':
      state.blocks.set(index, { kind: 'hidden', choice })
      return ''
  }
}

/** The number of a call, in the order in which they are sent: clients append them to a list. */
function nextCall(state: WriterState, choice: number): number {
  const call = state.calls.get(choice) ?? 0
  state.calls.set(choice, call + 1)
  return call
}

function functionChunk(state: WriterState, choice: number, call: object): string {
  return chunk(state, choice, `{"function_call":${JSON.stringify(call)}}`)
}

function callChunk(state: WriterState, choice: number, call: object): string {
  return chunk(state, choice, `{"tool_calls":[${JSON.stringify(call)}]}`)
}

function writeDelta(state: WriterState, index: number, text: string): string {
  const block = state.blocks.get(index)
  switch (block?.kind) {
    case 'text':
      return chunk(state, block.choice, `{"content":${JSON.stringify(text)}}`)
    case 'refusal':
      return chunk(state, block.choice, `{"refusal":${JSON.stringify(text)}}`)
    case 'reasoning':
      block.text += text
      return chunk(state, block.choice, `{"reasoning_content":${JSON.stringify(text)}}`)
    case 'tool-call':
      block.said = true
      return chunk(state, block.choice, `{"tool_calls":[{"index":${block.call},"function":{"arguments":${JSON.stringify(text)}}}]}`)
    case 'function-call':
      block.said = true
      return functionChunk(state, block.choice, { arguments: text })
    case 'free-text':
      block.args += text
      return ''
    case 'hidden':
    case undefined:
      return ''
  }
}

/** Signatures of reasoning ride where OpenRouter puts them; a client that replays them keeps them valid. */
function writeSignature(state: WriterState, event: EventOf<'signature'>): string {
  const block = state.blocks.get(event.index)
  if (block?.kind !== 'reasoning') return ''
  const detail =
    event.redacted === true
      ? { type: 'reasoning.encrypted', data: event.signature }
      : { type: 'reasoning.text', text: block.text, signature: event.signature }
  return chunk(state, block.choice, `{"reasoning_details":[${JSON.stringify(detail)}]}`)
}

function endBlock(state: WriterState, index: number): string {
  const block = state.blocks.get(index)
  state.blocks.delete(index)
  // A call without arguments is one with an empty object; clients parse what they get.
  if (block?.kind === 'tool-call' && !block.said)
    return callChunk(state, block.choice, { index: block.call, function: { arguments: '{}' } })
  if (block?.kind === 'function-call' && !block.said) return functionChunk(state, block.choice, { arguments: '{}' })
  if (block?.kind !== 'free-text') return ''
  const custom = { name: block.name, input: unwrapText(block.args) }
  return callChunk(state, block.choice, { index: nextCall(state, block.choice), id: block.id, type: 'custom', custom })
}

function usageChunk(state: WriterState): string {
  if (!state.context.streamUsage || state.usage === null) return ''
  const usage = writeUsage(state.usage)
  return usage === undefined ? '' : `data: ${state.head}],"usage":${JSON.stringify(usage)}}\n\n`
}
