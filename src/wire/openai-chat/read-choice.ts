import type { BlockStart, Event } from '../../canonical/index.js'
import { WRAP_END, WRAP_START, wrapPiece } from '../calls.js'
import { isRecord, type Json, present, recordOf, recordsIn } from '../json.js'
import { isThinkingChunk, reasoningOfDetail, textOfPart } from './reasoning.js'
import { makeCallId, readArguments, signatureOf } from './tool-calls.js'

type TextKind = 'text' | 'refusal' | 'reasoning'

interface OpenCall {
  readonly id: string
  readonly index: number
  readonly custom: boolean
}

/** The blocks of the whole stream are numbered across its choices. */
export interface BlockCount {
  blocks: number
  /** The stream's own id, of which ids of calls are made where a server gives none. */
  id: string
}

/** What is open in one choice of the answer. */
export function newChoice(choice: number) {
  return {
    choice,
    /** The text-like block being written; tool calls stay open beside each other until the choice ends. */
    open: null as { readonly kind: TextKind; readonly index: number } | null,
    /** By the call's index, which some servers leave out (then by id) and some give as 0 to every call. */
    calls: new Map<string | number, OpenCall>(),
    all: [] as OpenCall[],
    /** Calls whose name has not come yet, by index: vLLM's parser for Command A sends the id first (github.com/vercel/ai/pull/16507). */
    nameless: new Map<unknown, { readonly id: string; readonly args: string }>(),
    last: null as OpenCall | null,
    signature: null as { readonly text: string; readonly redacted: boolean } | null,
    /** Reasoning came as plain text, so that the text of details repeats it. */
    plain: false,
    /** Something of it was read. */
    begun: false,
    finish: null as string | null,
  }
}
export type ChoiceState = ReturnType<typeof newChoice>

/** One delta of a choice as events. */
export function readDelta(state: BlockCount, choice: ChoiceState, delta: Json, out: Event[]): void {
  readReasoningDelta(state, choice, delta, out)
  if (typeof delta.content === 'string' && delta.content !== '') writeText(state, choice, 'text', delta.content, out)
  for (const part of recordsIn(delta.content)) {
    const text = textOfPart(part)
    if (text !== '') writeText(state, choice, isThinkingChunk(part) ? 'reasoning' : 'text', text, out)
  }
  if (typeof delta.refusal === 'string' && delta.refusal !== '') writeText(state, choice, 'refusal', delta.refusal, out)
  for (const call of recordsIn(delta.tool_calls)) readCallDelta(state, choice, call, out)
}

function readReasoningDelta(state: BlockCount, choice: ChoiceState, delta: Json, out: Event[]): void {
  const plain = delta.reasoning_content || delta.reasoning
  if (typeof plain === 'string' && plain !== '') {
    choice.plain = true
    writeText(state, choice, 'reasoning', plain, out)
  }
  for (const item of recordsIn(delta.reasoning_details)) {
    const detail = reasoningOfDetail(item)
    if (detail.text !== '' && !choice.plain) writeText(state, choice, 'reasoning', detail.text, out)
    if (detail.signature === undefined) continue
    if (choice.open?.kind !== 'reasoning') openText(state, choice, 'reasoning', out)
    choice.signature = { text: detail.signature, redacted: detail.redacted === true }
    if (detail.redacted === true) closeText(choice, out)
  }
}

function writeText(state: BlockCount, choice: ChoiceState, kind: TextKind, text: string, out: Event[]): void {
  if (choice.open?.kind !== kind) openText(state, choice, kind, out)
  out.push({ type: 'delta', index: choice.open!.index, text })
}

function openText(state: BlockCount, choice: ChoiceState, kind: TextKind, out: Event[]): void {
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

function startBlock(state: BlockCount, choice: ChoiceState, block: BlockStart, out: Event[]): number {
  const index = state.blocks++
  choice.begun = true
  out.push({ type: 'block-start', index, choice: choice.choice, block })
  return index
}

function readCallDelta(state: BlockCount, choice: ChoiceState, raw: Json, out: Event[]): void {
  const custom = isRecord(raw.custom)
  const fn: Json = isRecord(raw.custom) ? raw.custom : recordOf(raw.function)
  const piece = custom ? fn.input : fn.arguments
  const text = custom ? wrapPiece(typeof piece === 'string' ? piece : '') : readArguments(piece, 'tool_calls.function.arguments')
  const call = findCall(choice, raw) ?? openCall(state, choice, raw, fn, text, out)
  if (call !== null && text !== '') out.push({ type: 'delta', index: call.index, text })
}

function findCall(choice: ChoiceState, raw: Json): OpenCall | null {
  const id = typeof raw.id === 'string' && raw.id !== '' ? raw.id : null
  const known = typeof raw.index === 'number' ? choice.calls.get(raw.index) : id === null ? choice.last : choice.calls.get(id)
  if (known === undefined || known === null) return null
  // A call has a name; some servers give each of its pieces a new id (vLLM's older parsers).
  return id === null || id === known.id || !isNamed(raw) ? known : null
}

function isNamed({ function: fn, custom }: Json): boolean {
  return [fn, custom].some((said) => isRecord(said) && typeof said.name === 'string' && said.name !== '')
}

function openCall(state: BlockCount, choice: ChoiceState, raw: Json, fn: Json, piece: string, out: Event[]): OpenCall | null {
  const name = typeof fn.name === 'string' ? fn.name : ''
  const held = choice.nameless.get(raw.index)
  const given = held?.id ?? (typeof raw.id === 'string' ? raw.id : '')
  if (name === '') {
    if (given !== '') choice.nameless.set(raw.index, { id: given, args: (held?.args ?? '') + piece })
    return null
  }
  choice.nameless.delete(raw.index)
  const id = given === '' ? makeCallId(state.id, choice.choice, choice.all.length) : given
  closeText(choice, out)
  const index = startBlock(state, choice, { kind: 'tool-call', id, name, ...present({ signature: signatureOf(raw) }) }, out)
  const custom = isRecord(raw.custom)
  const call: OpenCall = { id, index, custom }
  choice.calls.set(typeof raw.index === 'number' ? raw.index : id, call)
  choice.all.push(call)
  choice.last = call
  if (custom) out.push({ type: 'delta', index: call.index, text: WRAP_START })
  if (held !== undefined && held.args !== '') out.push({ type: 'delta', index: call.index, text: held.args })
  return call
}

export function closeChoice(choice: ChoiceState, out: Event[]): void {
  closeText(choice, out)
  for (const call of choice.all) {
    if (call.custom) out.push({ type: 'delta', index: call.index, text: WRAP_END })
    out.push({ type: 'block-end', index: call.index })
  }
}
