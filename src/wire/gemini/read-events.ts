import type { BlockStart, Event } from '../../canonical/index.js'
import { asFault, Fault } from '../../kit/index.js'
import type { EventReader } from '../codec.js'
import { fromUpstream, isRecord, type Json, parseJson, present, recordOf, recordsIn } from '../json.js'
import { replyHead } from '../replies.js'
import { replyCallIds } from './call-ids.js'
import { readFault } from './fault.js'
import { blockReason, readFinishReason } from './finish-reason.js'
import { readPart } from './parts.js'
import { readLogprobs } from './reply.js'
import { readUsageMetadata } from './usage.js'

function newStream() {
  return {
    started: false,
    done: false,
    next: 0,
    ids: replyCallIds(undefined),
    /** The open block of words, by choice. */
    open: new Map<number, { readonly index: number; readonly kind: 'text' | 'reasoning' }>(),
    withCalls: new Set<number>(),
    finished: new Set<number>(),
    usage: undefined as unknown,
  }
}
type State = ReturnType<typeof newStream>

/** Each event of the stream is a whole answer that holds the new parts; the stream just ends after the last. */
export function eventReader(): EventReader {
  const state = newStream()
  return {
    read({ data }) {
      if (state.done) return []
      const value = parseJson(data)
      if (!isRecord(value)) return fail(state, new Fault('E_UPSTREAM', 'The provider sent a stream event that is not a JSON object.'))
      if (isRecord(value.error)) return fail(state, readFault(200, {}, value))
      try {
        return readChunk(state, value)
      } catch (error) {
        return fail(state, asFault(error))
      }
    },
    end() {
      if (state.done) return []
      if (state.finished.size === 0) return fail(state, new Fault('E_UPSTREAM', 'The stream broke off before the answer ended.'))
      state.done = true
      const events = [...state.open.keys()].flatMap((choice) => endBlock(state, choice))
      if (state.usage !== undefined) events.push({ type: 'usage', usage: readUsageMetadata(state.usage) })
      return [...events, { type: 'end' }]
    },
  }
}

function fail(state: State, fault: Fault): Event[] {
  state.done = true
  return [{ type: 'error', fault }]
}

function readChunk(state: State, chunk: Json): Event[] {
  const events: Event[] = []
  if (!state.started) {
    state.started = true
    const head = replyHead(chunk.responseId, chunk.modelVersion)
    state.ids = replyCallIds(head.id)
    events.push({ type: 'start', ...head })
    // The prompt is counted from the first, so that it is known of an answer that is cut; its output is not.
    const opening = readUsageMetadata(chunk.usageMetadata)
    if (opening.input !== null) events.push({ type: 'usage', usage: { ...opening, output: null, reasoning: null } })
  }
  if (chunk.usageMetadata !== undefined) state.usage = chunk.usageMetadata
  const candidates = recordsIn(chunk.candidates)
  for (const candidate of candidates) events.push(...readCandidate(state, candidate))
  const blocked = blockReason(chunk)
  if (blocked !== undefined && candidates.length === 0) {
    state.finished.add(0)
    events.push({ type: 'finish', choice: 0, reason: 'content-filter', raw: blocked })
  }
  return events
}

function readCandidate(state: State, candidate: Json): Event[] {
  const choice = typeof candidate.index === 'number' ? candidate.index : 0
  const content = recordOf(candidate.content)
  const events: Event[] = []
  for (const part of recordsIn(content.parts)) events.push(...readEventPart(state, choice, part))
  const logprobs = readLogprobs(candidate.logprobsResult)
  if (logprobs !== undefined) events.push({ type: 'logprobs', choice, content: logprobs })
  const raw = candidate.finishReason
  if (typeof raw !== 'string' || raw === '' || state.finished.has(choice)) return events
  state.finished.add(choice)
  const reason = readFinishReason(raw, state.withCalls.has(choice))
  return [...events, ...endBlock(state, choice), { type: 'finish', choice, reason, raw }]
}

function readEventPart(state: State, choice: number, json: Json): Event[] {
  const part = fromUpstream(() => readPart(json, 'parts', state.ids))
  switch (part.type) {
    case 'text':
    case 'reasoning': {
      const signature = typeof json.thoughtSignature === 'string' && json.thoughtSignature !== '' ? json.thoughtSignature : undefined
      if (part.text === '' && signature === undefined) return []
      const { events, index } = openBlock(state, choice, part.type)
      if (part.text !== '') events.push({ type: 'delta', index, text: part.text })
      if (signature !== undefined) events.push({ type: 'signature', index, signature })
      return events
    }
    case 'tool-call': {
      state.withCalls.add(choice)
      const { id, name } = part
      const signature = part.signature || undefined
      const args: Event = { type: 'delta', index: state.next, text: part.args }
      return wholeBlock(state, choice, { kind: 'tool-call', id, name, ...present({ signature }) }, [args])
    }
    default:
      return wholeBlock(state, choice, { kind: 'opaque', format: 'gemini', value: json }, [])
  }
}

/** Words of one kind go on in the open block; others end it. */
function openBlock(state: State, choice: number, kind: 'text' | 'reasoning'): { events: Event[]; index: number } {
  const open = state.open.get(choice)
  if (open?.kind === kind) return { events: [], index: open.index }
  const events = endBlock(state, choice)
  const index = state.next++
  state.open.set(choice, { index, kind })
  events.push({ type: 'block-start', index, choice, block: { kind } })
  return { events, index }
}

function wholeBlock(state: State, choice: number, block: BlockStart, inside: readonly Event[]): Event[] {
  const index = state.next++
  return [...endBlock(state, choice), { type: 'block-start', index, choice, block }, ...inside, { type: 'block-end', index }]
}

function endBlock(state: State, choice: number): Event[] {
  const open = state.open.get(choice)
  if (open === undefined) return []
  state.open.delete(choice)
  return [{ type: 'block-end', index: open.index }]
}
