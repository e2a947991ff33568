import { NO_USAGE, type Usage } from '../../canonical/index.js'
import type { UsageTap, WireEvent } from '../codec.js'
import { isRecord, type Json, parseJson } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { countText, hasValue } from '../skim.js'
import { usageOf } from './usage.js'

const USAGE = Buffer.from('"usage"')
const FINISH = Buffer.from('"finish_reason"')
const ERROR = Buffer.from('"error"')
const DONE = Buffer.from('[DONE]')
/** The ends of `"content":"`, `"reasoning_content":"` and `"arguments":"`. */
const TEXT_KEYS = [Buffer.from('content":"'), Buffer.from('arguments":"')]

/**
 * Usage of a relayed chat stream. Most chunks say `"usage":null` and `"finish_reason":null`; their bytes show that they need
 * no decoding. The model's name is read from the first event.
 */
export function usageTap(hideUsage: boolean): UsageTap {
  let usage: Usage = NO_USAGE
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => usage,
    skim(bytes) {
      if (seen.model === undefined || hasValue(bytes, FINISH) || hasValue(bytes, USAGE)) return true
      if (bytes.includes(ERROR) || bytes.includes(DONE)) return true
      seen.outputChars += countText(bytes, TEXT_KEYS)
      return false
    },
    see(event: WireEvent) {
      if (event.data === '[DONE]') {
        seen.done = true
        return false
      }
      const chunk = parseJson(event.data)
      if (!isRecord(chunk)) return false
      if (isRecord(chunk.error)) seen.error = readStreamFault(chunk.error)
      seen.model ??= typeof chunk.model === 'string' ? chunk.model : ''
      const choices = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]).filter(isRecord) : []
      for (const choice of choices) {
        if (typeof choice.finish_reason === 'string') seen.finish = choice.finish_reason
        seen.outputChars += deltaChars(choice)
      }
      if (!isRecord(chunk.usage)) return false
      usage = usageOf(chunk.usage)
      return hideUsage && choices.length === 0
    },
  }
}

function deltaChars(choice: Json): number {
  const delta = isRecord(choice.delta) ? choice.delta : {}
  let chars = 0
  for (const key of ['content', 'reasoning_content', 'reasoning']) {
    const text = delta[key]
    if (typeof text === 'string') chars += text.length
  }
  if (!Array.isArray(delta.tool_calls)) return chars
  for (const call of delta.tool_calls as unknown[]) {
    const fn = isRecord(call) ? call.function : undefined
    if (isRecord(fn) && typeof fn.arguments === 'string') chars += fn.arguments.length
  }
  return chars
}
