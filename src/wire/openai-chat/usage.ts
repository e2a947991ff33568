import { NO_USAGE, splitPrompt, totalInput, type Usage } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { UsageTap } from '../codec.js'
import { countAfter } from '../count-output.js'
import { countOf, isRecord, type Json, listOf, parseJson, present, recordOf, recordsIn } from '../json.js'
import { faultOfChunk } from '../openai-fault.js'
import { textOfPart } from './reasoning.js'

/**
 * Usage of a chat answer in disjoint kinds. `prompt_tokens` includes cached reads and writes. `completion_tokens` includes
 * reasoning at OpenAI, but not at xAI nor in Gemini's compatible endpoint, whose totals tell.
 */
export function readUsage(body: unknown): Usage {
  const { usage } = recordOf(body)
  return isRecord(usage) ? usageOf(usage) : NO_USAGE
}

/** Moonshot tells the usage in the choice that ends the answer (platform.kimi.ai/docs/api/chat, streaming). */
export function usageOfChunk({ usage, choices }: Json): Usage | null {
  if (isRecord(usage)) return usageOf(usage)
  const first = recordOf(listOf(choices)[0])
  return isRecord(first.usage) ? usageOf(first.usage) : null
}

function usageOf(raw: Json): Usage {
  const prompt = countOf(raw.prompt_tokens)
  const details = recordOf(raw.prompt_tokens_details)
  // The last two are DeepSeek's and Moonshot's names.
  const cacheRead = countOf(details.cached_tokens) ?? countOf(raw.prompt_cache_hit_tokens) ?? countOf(raw.cached_tokens)
  const cacheWrite = countOf(details.cache_write_tokens) ?? countOf(details.cache_creation_tokens)
  const { input } = splitPrompt(prompt, cacheRead, cacheWrite)
  const { output, reasoning } = outputOf(raw, prompt)
  // Written out: of two spreads V8 makes objects of a new shape for every answer.
  return { input, cacheRead, cacheWrite5m: cacheWrite, cacheWrite1h: null, output, reasoning, raw }
}

function outputOf(raw: Json, prompt: number | null): Pick<Usage, 'output' | 'reasoning'> {
  const completion = countOf(raw.completion_tokens)
  const total = countOf(raw.total_tokens)
  const details = recordOf(raw.completion_tokens_details)
  const reasoning = countOf(details.reasoning_tokens)
  if (completion === null || total === null || prompt === null) return { output: completion, reasoning }
  const apart = total - prompt - completion
  if (apart > 0 && (reasoning === null || apart === reasoning)) return { output: completion + apart, reasoning: apart }
  return { output: completion, reasoning }
}

/** The usage object as chat clients read it. Unknown counts are left out; undefined when nothing is known. */
export function writeUsage(usage: Usage): Json | undefined {
  const prompt = totalInput(usage) ?? undefined
  const { output, reasoning, cacheRead, cacheWrite5m, cacheWrite1h } = usage
  if (prompt === undefined && output === null) return undefined
  const wrote = cacheWrite5m !== null || cacheWrite1h !== null
  return present({
    prompt_tokens: prompt,
    completion_tokens: output ?? undefined,
    total_tokens: prompt === undefined || output === null ? undefined : prompt + output,
    prompt_tokens_details:
      cacheRead === null && !wrote
        ? undefined
        : present({
            cached_tokens: cacheRead ?? undefined,
            cache_write_tokens: wrote ? (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) : undefined,
          }),
    completion_tokens_details: reasoning === null ? undefined : { reasoning_tokens: reasoning },
  })
}

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
      const text = bytes.toString('latin1')
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
  for (const call of recordsIn(delta.tool_calls)) chars += lengthOf(recordOf(call.function).arguments)
  return chars
}

function lengthOf(content: unknown): number {
  return typeof content === 'string' ? content.length : listOf(content).map(textOfPart).join('').length
}
