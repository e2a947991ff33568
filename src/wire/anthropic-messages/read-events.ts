import type { Event } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { EventReader } from '../codec.js'
import { isRecord, type Json, parseJson, present, recordOf } from '../json.js'
import { replyHead } from '../replies.js'
import { readFault } from './fault.js'
import { endBlock, newStream, readDelta, type StreamState, startBlock } from './read-blocks.js'
import { readStopReason } from './stop-reason.js'
import { mergeReports, openingReport, readUsageObject } from './usage.js'

export function eventReader(): EventReader {
  const state = newStream()
  return {
    read({ data }) {
      if (state.done) return []
      const value = parseJson(data)
      if (!isRecord(value)) return fail(state, new Fault('E_UPSTREAM', 'The provider sent a stream event that is not a JSON object.'))
      return readEvent(state, value)
    },
    end() {
      if (state.done) return []
      return state.stop === undefined
        ? fail(state, new Fault('E_UPSTREAM', 'The stream broke off before the answer ended.'))
        : finish(state)
    },
  }
}

function readEvent(state: StreamState, value: Json): Event[] {
  const index = typeof value.index === 'number' ? value.index : 0
  switch (value.type) {
    case 'message_start':
      return start(state, recordOf(value.message))
    case 'content_block_start':
      return [...start(state, {}), ...startBlock(state, index, recordOf(value.content_block))]
    case 'content_block_delta':
      return isRecord(value.delta) ? [...start(state, {}), ...readDelta(state, index, value.delta)] : []
    case 'content_block_stop':
      return endBlock(state, index)
    case 'message_delta': {
      const delta = recordOf(value.delta)
      if (typeof delta.stop_reason === 'string') {
        state.stop = { reason: delta.stop_reason, sequence: typeof delta.stop_sequence === 'string' ? delta.stop_sequence : undefined }
      }
      state.usage = mergeReports(state.usage, value.usage)
      return start(state, {})
    }
    case 'message_stop':
      return finish(state)
    case 'error':
      return fail(state, readFault(200, {}, value))
    default:
      return []
  }
}

function start(state: StreamState, message: Json): Event[] {
  if (state.started) return []
  state.started = true
  state.usage = openingReport(message.usage)
  return [
    { type: 'start', ...replyHead(message.id, message.model) },
    ...(state.usage === undefined ? [] : [{ type: 'usage', usage: readUsageObject(state.usage) } as const]),
  ]
}

function finish(state: StreamState): Event[] {
  const { stop } = state
  const events = [...start(state, {}), ...[...state.open.keys()].flatMap((at) => endBlock(state, at))]
  state.done = true
  const reason = stop === undefined ? 'other' : readStopReason(stop.reason)
  events.push({ type: 'finish', choice: 0, reason, ...present({ raw: stop?.reason, stopSequence: stop?.sequence }) })
  if (state.usage !== undefined) events.push({ type: 'usage', usage: readUsageObject(state.usage) })
  return [...events, { type: 'end' }]
}

function fail(state: StreamState, fault: Fault): Event[] {
  state.done = true
  return [{ type: 'error', fault }]
}
