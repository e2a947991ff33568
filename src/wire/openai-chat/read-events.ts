import type { BlockStart, Event, Usage } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { EventReader, WireEvent } from '../codec.js'
import { WRAP_END, WRAP_START, wrapPiece } from '../free-text.js'
import { isRecord, type Json, parseJson, present } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { readFinish } from './finish.js'
import { reasoningOfDetail } from './read-message.js'
import { readArguments, signatureOf } from './read-tool-calls.js'
import { usageOf } from './usage.js'

interface OpenCall {
  readonly id: string
  readonly index: number
  readonly custom: boolean
}

/** What is open in one choice of the answer. */
interface ChoiceState {
  readonly choice: number
  /** The text-like block being written; tool calls stay open beside each other until the choice ends. */
  open: { readonly kind: 'text' | 'refusal' | 'reasoning'; readonly index: number } | null
  /** By the call's index, which some servers leave out (then by id) and some give as 0 to every call. */
  readonly calls: Map<string | number, OpenCall>
  readonly all: OpenCall[]
  last: OpenCall | null
  signature: { readonly text: string; readonly redacted: boolean } | null
  /** Reasoning came as plain text, so that the text of details repeats it. */
  plain: boolean
  finish: string | null
}

interface StreamState {
  started: boolean
  done: boolean
  blocks: number
  id: string
  usage: Usage | null
  readonly choices: Map<number, ChoiceState>
}

/** Chunks of a chat stream as events. Finish and usage are given at its end, since servers send them in either order. */
export function eventReader(): EventReader {
  const state: StreamState = { started: false, done: false, blocks: 0, id: '', usage: null, choices: new Map() }
  return {
    read: (event) => readChunk(state, event),
    end: () => (state.done ? [] : endStream(state)),
  }
}

function readChunk(state: StreamState, event: WireEvent): Event[] {
  if (state.done) return []
  if (event.data === '[DONE]') return endStream(state)
  const chunk = parseJson(event.data)
  if (!isRecord(chunk)) return failStream(state, new Fault('E_UPSTREAM', 'The provider sent a stream event that is not JSON.'))
  if (chunk.error !== undefined && chunk.error !== null) return failStream(state, readStreamFault(chunk.error))
  if (event.event === 'error') return failStream(state, readStreamFault(chunk))
  const out: Event[] = []
  if (!state.started) start(state, chunk, out)
  if (isRecord(chunk.usage)) state.usage = usageOf(chunk.usage)
  if (!Array.isArray(chunk.choices)) return out
  for (const choice of chunk.choices as unknown[]) if (isRecord(choice)) readChoice(state, choice, out)
  return out
}

function start(state: StreamState, chunk: Json, out: Event[]): void {
  state.started = true
  state.id = typeof chunk.id === 'string' ? chunk.id : ''
  out.push({
    type: 'start',
    ...present({
      id: typeof chunk.id === 'string' ? chunk.id : undefined,
      model: typeof chunk.model === 'string' ? chunk.model : undefined,
      created: typeof chunk.created === 'number' ? chunk.created : undefined,
    }),
  })
}

function readChoice(state: StreamState, raw: Json, out: Event[]): void {
  const number = typeof raw.index === 'number' ? raw.index : 0
  let choice = state.choices.get(number)
  if (choice === undefined) {
    choice = { choice: number, open: null, calls: new Map(), all: [], last: null, signature: null, plain: false, finish: null }
    state.choices.set(number, choice)
  }
  // Some servers send a whole message in place of the last delta.
  const delta = isRecord(raw.delta) ? raw.delta : isRecord(raw.message) ? raw.message : {}
  readReasoningDelta(state, choice, delta, out)
  if (typeof delta.content === 'string' && delta.content !== '') writeText(state, choice, 'text', delta.content, out)
  if (typeof delta.refusal === 'string' && delta.refusal !== '') writeText(state, choice, 'refusal', delta.refusal, out)
  if (Array.isArray(delta.tool_calls)) {
    for (const call of delta.tool_calls as unknown[]) if (isRecord(call)) readCallDelta(state, choice, call, out)
  }
  if (isRecord(raw.logprobs) && Array.isArray(raw.logprobs.content) && raw.logprobs.content.length > 0) {
    out.push({ type: 'logprobs', choice: number, content: raw.logprobs.content as unknown[] })
  }
  if (typeof raw.finish_reason === 'string' && raw.finish_reason !== '') choice.finish ??= raw.finish_reason
}

function readReasoningDelta(state: StreamState, choice: ChoiceState, delta: Json, out: Event[]): void {
  const plain = typeof delta.reasoning_content === 'string' ? delta.reasoning_content : delta.reasoning
  if (typeof plain === 'string' && plain !== '') {
    choice.plain = true
    writeText(state, choice, 'reasoning', plain, out)
  }
  if (!Array.isArray(delta.reasoning_details)) return
  for (const item of delta.reasoning_details as unknown[]) {
    if (!isRecord(item)) continue
    const detail = reasoningOfDetail(item)
    if (detail.text !== '' && !choice.plain) writeText(state, choice, 'reasoning', detail.text, out)
    if (detail.signature === undefined) continue
    if (choice.open?.kind !== 'reasoning') openText(state, choice, 'reasoning', out)
    choice.signature = { text: detail.signature, redacted: detail.redacted === true }
    if (detail.redacted === true) closeText(choice, out)
  }
}

function writeText(state: StreamState, choice: ChoiceState, kind: 'text' | 'refusal' | 'reasoning', text: string, out: Event[]): void {
  if (choice.open?.kind !== kind) openText(state, choice, kind, out)
  out.push({ type: 'delta', index: choice.open!.index, text })
}

function openText(state: StreamState, choice: ChoiceState, kind: 'text' | 'refusal' | 'reasoning', out: Event[]): void {
  closeText(choice, out)
  choice.open = { kind, index: startBlock(state, choice, { kind }, out) }
}

function closeText(choice: ChoiceState, out: Event[]): void {
  if (choice.open === null) return
  const { index } = choice.open
  if (choice.open.kind === 'reasoning' && choice.signature !== null) {
    const { text, redacted } = choice.signature
    out.push({ type: 'signature', index, signature: text, ...(redacted ? { redacted } : {}) })
    choice.signature = null
  }
  out.push({ type: 'block-end', index })
  choice.open = null
}

function startBlock(state: StreamState, choice: ChoiceState, block: BlockStart, out: Event[]): number {
  const index = state.blocks++
  out.push({ type: 'block-start', index, choice: choice.choice, block })
  return index
}

function readCallDelta(state: StreamState, choice: ChoiceState, raw: Json, out: Event[]): void {
  const custom = isRecord(raw.custom)
  const fn: Json = isRecord(raw.custom) ? raw.custom : isRecord(raw.function) ? raw.function : {}
  const call = findCall(choice, raw) ?? openCall(state, choice, raw, fn, custom, out)
  if (call === null) return
  const piece = custom ? fn.input : fn.arguments
  const text = custom ? wrapPiece(typeof piece === 'string' ? piece : '') : readArguments(piece, 'tool_calls.function.arguments')
  if (text !== '') out.push({ type: 'delta', index: call.index, text })
  const signature = signatureOf(raw)
  if (signature !== undefined) out.push({ type: 'signature', index: call.index, signature })
}

function findCall(choice: ChoiceState, raw: Json): OpenCall | null {
  const id = typeof raw.id === 'string' && raw.id !== '' ? raw.id : null
  const known = typeof raw.index === 'number' ? choice.calls.get(raw.index) : id === null ? choice.last : choice.calls.get(id)
  if (known === undefined || known === null) return null
  return id === null || id === known.id ? known : null
}

function openCall(state: StreamState, choice: ChoiceState, raw: Json, fn: Json, custom: boolean, out: Event[]): OpenCall | null {
  const name = typeof fn.name === 'string' ? fn.name : ''
  const given = typeof raw.id === 'string' ? raw.id : ''
  if (name === '' && given === '') return null
  const id = given === '' ? `call_${state.id}_${choice.choice}_${choice.all.length}` : given
  closeText(choice, out)
  const call: OpenCall = { id, index: startBlock(state, choice, { kind: 'tool-call', id, name }, out), custom }
  choice.calls.set(typeof raw.index === 'number' ? raw.index : id, call)
  choice.all.push(call)
  choice.last = call
  if (custom) out.push({ type: 'delta', index: call.index, text: WRAP_START })
  return call
}

function closeChoice(choice: ChoiceState, out: Event[]): void {
  closeText(choice, out)
  for (const call of choice.all) {
    if (call.custom) out.push({ type: 'delta', index: call.index, text: WRAP_END })
    out.push({ type: 'block-end', index: call.index })
  }
}

function endStream(state: StreamState): Event[] {
  const choices = [...state.choices.values()]
  if (!choices.some((c) => c.finish !== null))
    return failStream(state, new Fault('E_UPSTREAM', 'The provider cut the stream before its end.'))
  const out: Event[] = []
  state.done = true
  for (const choice of choices) closeChoice(choice, out)
  for (const choice of choices) {
    const raw = choice.finish ?? 'stop'
    out.push({ type: 'finish', choice: choice.choice, reason: readFinish(raw, choice.all.length > 0), raw })
  }
  if (state.usage !== null) out.push({ type: 'usage', usage: state.usage })
  out.push({ type: 'end' })
  return out
}

/** After an error nothing more is read; what was open stays open, as it does for the client. */
function failStream(state: StreamState, fault: Fault): Event[] {
  state.done = true
  const error: Event = { type: 'error', fault }
  return state.usage === null ? [error] : [{ type: 'usage', usage: state.usage }, error]
}
