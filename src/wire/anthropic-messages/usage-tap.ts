import type { UsageTap } from '../codec.js'
import { isRecord, type Json, parseJson } from '../json.js'
import { faultOf } from './fault.js'
import { mergeReports, openingReport, readUsageObject } from './usage.js'

/** Length of a `content_block_delta` event without its text. */
const ENVELOPE = 120
const DELTA = Buffer.from('content_block_delta')

/** Reads a relayed stream. Pieces of content, nearly all of its events, are counted by length and not decoded. */
export function usageTap(): UsageTap {
  let report: Json | undefined
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => readUsageObject(report),
    skim(bytes) {
      if (bytes.indexOf(DELTA) === -1) return true
      seen.outputChars += Math.max(1, bytes.length - ENVELOPE)
      return false
    },
    see({ data }) {
      const value = parseJson(data)
      if (!isRecord(value)) return false
      switch (value.type) {
        case 'message_start': {
          const message = isRecord(value.message) ? value.message : {}
          if (typeof message.model === 'string') seen.model = message.model
          report = openingReport(message.usage)
          break
        }
        case 'message_delta':
          if (isRecord(value.delta) && typeof value.delta.stop_reason === 'string') seen.finish = value.delta.stop_reason
          report = mergeReports(report, value.usage)
          break
        case 'message_stop':
          seen.done = true
          break
        case 'error':
          seen.error = faultOf(isRecord(value.error) ? value.error : {}, undefined)
          break
        case 'content_block_delta':
          seen.outputChars += Math.max(1, data.length - ENVELOPE / 2)
          break
        default:
          break
      }
      return false
    },
  }
}
