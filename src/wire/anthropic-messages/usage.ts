import { NO_USAGE, type Usage } from '../../canonical/index.js'
import type { ReplyContext, UsageTap } from '../codec.js'
import { countAfter } from '../count-output.js'
import { countOf, isRecord, type Json, parseJson, recordOf } from '../json.js'
import { readFault } from './fault.js'

/**
 * `input_tokens` counts neither cached reads nor writes. Writes that are not broken down by lifetime are at the default one,
 * five minutes.
 */
export function readUsageObject(usage: unknown): Usage {
  if (!isRecord(usage)) return NO_USAGE
  const written = recordOf(usage.cache_creation)
  const oneHour = countOf(written.ephemeral_1h_input_tokens)
  const total = countOf(usage.cache_creation_input_tokens)
  const details = recordOf(usage.output_tokens_details)
  return {
    input: countOf(usage.input_tokens),
    cacheRead: countOf(usage.cache_read_input_tokens),
    cacheWrite5m: countOf(written.ephemeral_5m_input_tokens) ?? (total === null ? null : total - (oneHour ?? 0)),
    cacheWrite1h: oneHour,
    output: countOf(usage.output_tokens),
    reasoning: countOf(details.thinking_tokens),
    raw: usage,
  }
}

/**
 * A stream reports its usage in pieces, each holding the totals so far; the later piece wins field by field, and a null in it
 * says nothing. The first piece's `output_tokens` is a placeholder, so it is left out until a later one names it.
 */
export function mergeReports(before: Json | undefined, report: unknown): Json | undefined {
  if (!isRecord(report)) return before
  const merged: Record<string, unknown> = { ...before }
  for (const key in report) if (report[key] !== null && report[key] !== undefined) merged[key] = report[key]
  return merged
}

export function openingReport(report: unknown): Json | undefined {
  if (!isRecord(report)) return undefined
  const { output_tokens: _, ...opening } = report
  return opening
}

/** English text has about four characters a token in every common tokenizer. */
const CHARS_PER_TOKEN = 4

/**
 * The usage of an answer, of which so many characters were written. The format wants numbers, at the start of a stream too, before other
 * vendors name them: what was not reported is estimated.
 */
export function writeUsage(usage: Usage, { inputTokens = 1 }: ReplyContext, chars: number): Json {
  return {
    input_tokens: usage.input ?? (usage.cacheRead === null ? inputTokens : 0),
    ...writeCached(usage),
    output_tokens: usage.output ?? Math.ceil(chars / CHARS_PER_TOKEN),
    ...(usage.reasoning === null ? {} : { output_tokens_details: { thinking_tokens: usage.reasoning } }),
  }
}

function writeCached(usage: Usage): Json {
  const { cacheRead, cacheWrite5m, cacheWrite1h } = usage
  const wrote = cacheWrite5m !== null || cacheWrite1h !== null
  return {
    ...(wrote ? { cache_creation_input_tokens: (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) } : {}),
    ...(cacheRead === null ? {} : { cache_read_input_tokens: cacheRead }),
    ...(wrote ? { cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m ?? 0, ephemeral_1h_input_tokens: cacheWrite1h ?? 0 } } : {}),
  }
}

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
      const text = bytes.toString('latin1')
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
          for (const key of TEXTS) {
            const text = recordOf(value.delta)[key]
            if (typeof text === 'string') seen.outputChars += text.length
          }
          break
        default:
          break
      }
      return false
    },
  }
}
