import type { Event, Usage } from '../../canonical/index.js'
import { asFault, entry, Fault, type SseEvent } from '../../kit/index.js'
import type { EventReader } from '../codec.js'
import { fromUpstream, isRecord, type Json, parseJson, recordsIn } from '../json.js'
import { faultOfChunk } from '../openai-fault.js'
import { replyHead } from '../replies.js'
import { readFinish } from './finish.js'
import { type ChoiceState, closeChoice, newChoice, readDelta } from './read-choice.js'
import { usageOfChunk } from './usage.js'

function newStream() {
  return { started: false, done: false, blocks: 0, id: '', usage: null as Usage | null, choices: new Map<number, ChoiceState>() }
}
type StreamState = ReturnType<typeof newStream>

/** Chunks of a chat stream as events. Finish and usage are given at its end, since servers send them in either order. */
export function eventReader(): EventReader {
  const state = newStream()
  return {
    read: (event) => readChunk(state, event),
    end: () => (state.done ? [] : endStream(state, false)),
  }
}

function readChunk(state: StreamState, event: SseEvent): Event[] {
  if (state.done) return []
  if (event.data === '[DONE]') return endStream(state, true)
  const chunk = parseJson(event.data)
  if (!isRecord(chunk)) return failStream(state, new Fault('E_UPSTREAM', 'The provider sent a stream event that is not JSON.'))
  const fault = faultOfChunk(event, chunk)
  if (fault !== null) return failStream(state, fault)
  const out: Event[] = []
  if (!state.started) start(state, chunk, out)
  state.usage = usageOfChunk(chunk) ?? state.usage
  try {
    fromUpstream(() => {
      for (const choice of recordsIn(chunk.choices)) readChoice(state, choice, out)
    })
  } catch (error) {
    return [...out, ...failStream(state, asFault(error))]
  }
  return out
}

function start(state: StreamState, chunk: Json, out: Event[]): void {
  state.started = true
  state.id = typeof chunk.id === 'string' ? chunk.id : ''
  out.push({ type: 'start', ...replyHead(chunk.id, chunk.model, chunk.created) })
}

function readChoice(state: StreamState, raw: Json, out: Event[]): void {
  const number = typeof raw.index === 'number' ? raw.index : 0
  const choice = entry(state.choices, number, () => newChoice(number))
  readDelta(state, choice, deltaOf(raw, choice), out)
  if (isRecord(raw.logprobs) && Array.isArray(raw.logprobs.content) && raw.logprobs.content.length > 0) {
    out.push({ type: 'logprobs', choice: number, content: raw.logprobs.content as unknown[] })
  }
  if (typeof raw.finish_reason === 'string' && raw.finish_reason !== '') choice.finish ??= raw.finish_reason
}

/**
 * Some servers send a whole message in place of deltas. MiniMax ends a stream of deltas with one that repeats them all
 * (github.com/ENTERPILOT/GoModel/pull/1068).
 */
function deltaOf({ delta, message }: Json, { begun }: ChoiceState): Json {
  if (isRecord(delta)) return delta
  return isRecord(message) && !begun ? message : {}
}

/** `said`: the server sent `[DONE]`, after which an answer without a reason counts as whole. */
function endStream(state: StreamState, said: boolean): Event[] {
  const choices = [...state.choices.values()]
  const whole = said ? choices.length > 0 : choices.some((c) => c.finish !== null)
  if (!whole) return failStream(state, new Fault('E_UPSTREAM', 'The provider cut the stream before its end.'))
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

/** After an error nothing more is read; open blocks stay open, as they do for the client. */
function failStream(state: StreamState, fault: Fault): Event[] {
  state.done = true
  const error: Event = { type: 'error', fault }
  return state.usage === null ? [error] : [{ type: 'usage', usage: state.usage }, error]
}
