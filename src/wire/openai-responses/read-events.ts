import type { Event, Part, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { EventReader } from '../codec.js'
import { fromUpstream, isRecord, type Json, listOf, parseJson, recordOf, recordsIn } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { replyHead } from '../replies.js'
import {
  endContent,
  endItem,
  endOpen,
  newStream,
  readCallDelta,
  readCallEnd,
  readDelta,
  type StreamState,
  separateSummary,
  startItem,
  startStream,
  textOf,
} from './read-blocks.js'
import { readAssistantItem } from './read-item.js'
import { readStatus } from './status.js'
import { readUsage } from './usage.js'

/** Events of a Responses stream as neutral events. */
export function eventReader(): EventReader {
  const state = newStream()
  return {
    read(event) {
      if (state.done || event.data === '[DONE]') return []
      const value = parseJson(event.data)
      const out: Event[] = []
      if (isRecord(value)) readEvent(state, value, out)
      else fail(state, new Fault('E_UPSTREAM', 'The provider sent a stream event that is not a JSON object.'), out)
      return out
    },
    end() {
      const out: Event[] = []
      if (!state.done) fail(state, new Fault('E_UPSTREAM', 'The provider cut the stream before its end.'), out)
      return out
    },
  }
}

function readEvent(state: StreamState, value: Json, out: Event[]): void {
  switch (value.type) {
    case 'response.created':
    case 'response.in_progress':
      startStream(state, recordOf(value.response), out)
      break
    case 'response.output_item.added':
      startItem(state, value, recordOf(value.item), out)
      break
    case 'response.output_text.delta':
      readDelta(state, value, 'text', out)
      break
    case 'response.refusal.delta':
      readDelta(state, value, 'refusal', out)
      break
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      readDelta(state, value, 'reasoning', out)
      break
    case 'response.output_text.done':
      endContent(state, value, 'text', textOf(value.text), out)
      break
    case 'response.refusal.done':
      endContent(state, value, 'refusal', textOf(value.refusal), out)
      break
    case 'response.reasoning_summary_part.added':
      separateSummary(state, value, out)
      break
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      readCallDelta(state, value, out)
      break
    case 'response.function_call_arguments.done':
    case 'response.custom_tool_call_input.done':
      readCallEnd(state, value, out)
      break
    case 'response.output_item.done':
      endItem(state, value, recordOf(value.item), out)
      break
    case 'response.completed':
    case 'response.incomplete':
      finish(state, recordOf(value.response), out)
      break
    case 'response.failed':
      // What it used is billed all the same.
      sayUsage(recordOf(value.response), out)
      fail(state, readStreamFault(recordOf(value.response).error), out)
      break
    case 'error':
      fail(state, readStreamFault(isRecord(value.error) ? value.error : value), out)
      break
    default:
      break
  }
}

function finish(state: StreamState, response: Json, out: Event[]): void {
  startStream(state, response, out)
  endOpen(state, recordsIn(response.output), out)
  state.done = true
  out.push({ type: 'finish', choice: 0, ...readStatus(response, state.calls) })
  sayUsage(response, out)
  out.push({ type: 'end' })
}

function sayUsage(response: Json, out: Event[]): void {
  const usage = readUsage(response)
  if (usage.raw !== undefined) out.push({ type: 'usage', usage })
}

function fail(state: StreamState, fault: Fault, out: Event[]): void {
  state.done = true
  out.push({ type: 'error', fault })
}

export function isReply(body: unknown): body is Json {
  return isRecord(body) && Array.isArray(body.output)
}

/** A complete response. Throws E_UPSTREAM for anything else, and the response's own error when it failed. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) throw new Fault('E_UPSTREAM', 'The provider answered with something that is not a response object.')
  if (body.status === 'failed') throw readStreamFault(body.error)
  const items = recordsIn(body.output)
  const parts: Part[] = fromUpstream(() => items.flatMap((item, i) => readAssistantItem(item, `output.${i}`)))
  const hasCalls = parts.some((p) => p.type === 'tool-call')
  const { reason, raw } = readStatus(body, hasCalls)
  const logprobs = items.flatMap((item) => recordsIn(item.content).flatMap((part) => listOf(part.logprobs)))
  return {
    choices: [{ parts, finish: reason, rawFinish: raw, ...(logprobs.length > 0 ? { logprobs } : {}) }],
    usage: readUsage(body),
    ...replyHead(body.id, body.model, body.created_at),
  }
}
