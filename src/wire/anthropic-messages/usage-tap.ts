import type { UsageTap } from '../codec.js'
import { isRecord, type Json, parseJson, recordOf } from '../json.js'
import { countAfter, skimText } from '../skim.js'
import { readFault } from './fault.js'
import { mergeReports, openingReport, readUsageObject } from './usage.js'

/** Everything but pieces of content; one chunk may hold those and the end together. */
const MATTERS = /message_(?:start|delta|stop)|event: error|"type":\s*"error"/
const TEXTS = ['text', 'thinking', 'partial_json'] as const

/** Reads a relayed stream. Pieces of content, nearly all of its events, are counted by length and not decoded. */
export function usageTap(): UsageTap {
  let report: Json | undefined
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => readUsageObject(report),
    skim(bytes) {
      const text = skimText(bytes)
      if (MATTERS.test(text)) return true
      for (const key of TEXTS) seen.outputChars += countAfter(text, `"${key}":`)
      return false
    },
    see({ data }) {
      const value = parseJson(data)
      if (!isRecord(value)) return false
      switch (value.type) {
        case 'message_start': {
          const message = recordOf(value.message)
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
          seen.error = readFault(200, {}, value)
          break
        case 'content_block_delta':
          for (const key of TEXTS) seen.outputChars += lengthOf(isRecord(value.delta) ? value.delta[key] : undefined)
          break
        default:
          break
      }
      return false
    },
  }
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0
}
