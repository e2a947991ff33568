import { NO_USAGE, type Usage } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { UsageTap } from '../codec.js'
import { isRecord, type Json, parseJson, recordOf, recordsIn } from '../json.js'
import { faultOfChunk } from '../openai-fault.js'
import { countAfter, skimText } from '../skim.js'
import { textOfPart } from './thinking-chunk.js'
import { usageOfChunk } from './usage.js'

/** A usage object, a reason, an error, content as a list or the end. Most chunks say `"usage":null` and `"finish_reason":null`. */
const MATTERS = /usage":\s*\{|finish_reason":\s*"|error":|event: error|"error"|status_code":\s*[1-9]|content":\s*\[|\[DONE\]/

/** Usage of a relayed chat stream. The model's name is read from the first event; most others show by a glance that they need no decoding. */
export function usageTap(hideUsage: boolean): UsageTap {
  let usage: Usage = NO_USAGE
  let answered = false
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => usage,
    skim(bytes) {
      const text = skimText(bytes)
      if (seen.model === undefined || MATTERS.test(text)) return true
      // The first also ends `"reasoning_content":"`.
      seen.outputChars += countAfter(text, 'content":') + countAfter(text, 'arguments":')
      return false
    },
    see(event) {
      if (event.data === '[DONE]') {
        seen.done = true
        if (!answered && seen.outputChars === 0) seen.error = new Fault('E_UPSTREAM', 'The provider ended its stream without an answer.')
        return false
      }
      const chunk = parseJson(event.data)
      if (!isRecord(chunk)) return false
      const fault = faultOfChunk(event, chunk)
      if (fault !== null) seen.error = fault
      seen.model ??= typeof chunk.model === 'string' ? chunk.model : ''
      const choices = recordsIn(chunk.choices)
      answered ||= choices.length > 0
      for (const choice of choices) {
        if (typeof choice.finish_reason === 'string') seen.finish = choice.finish_reason
        seen.outputChars += deltaChars(choice)
      }
      const told = usageOfChunk(chunk)
      if (told === null) return false
      usage = told
      return hideUsage && choices.every(isEmpty)
    },
  }
}

/** LiteLLM's usage comes with a choice that says nothing, others' with none (github.com/BerriAI/litellm/issues/28735). */
function isEmpty({ delta, finish_reason }: Json): boolean {
  return finish_reason == null && isRecord(delta) && Object.values(delta).every((value) => value == null)
}

function deltaChars(choice: Json): number {
  const delta = recordOf(choice.delta)
  let chars = 0
  for (const key of ['content', 'reasoning_content', 'reasoning']) chars += lengthOf(delta[key])
  if (!Array.isArray(delta.tool_calls)) return chars
  for (const call of delta.tool_calls as unknown[]) {
    const fn = isRecord(call) ? call.function : undefined
    if (isRecord(fn) && typeof fn.arguments === 'string') chars += fn.arguments.length
  }
  return chars
}

function lengthOf(content: unknown): number {
  if (!Array.isArray(content)) return typeof content === 'string' ? content.length : 0
  return (content as unknown[]).reduce<number>((chars, part) => chars + textOfPart(part).length, 0)
}
