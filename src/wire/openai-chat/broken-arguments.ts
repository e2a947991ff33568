import { argsObject } from '../args-object.js'
import type { Splice } from '../codec.js'
import { isRecord, listOf, parseJson } from '../json.js'
import { setAt } from '../splice.js'

/**
 * Arguments that are no JSON object, as a model leaves them that ran into its limit: vLLM and llama.cpp parse those of the whole history for
 * their templates, and refuse every later turn (github.com/vllm-project/vllm/pull/48922, ggml-org/llama.cpp/issues/22948).
 */
export function argumentSplices(calls: unknown, message: number): Splice[] {
  return listOf(calls).flatMap((call, i) => {
    const args = isRecord(call) && isRecord(call.function) ? call.function.arguments : undefined
    if (typeof args !== 'string' || isRecord(parseJson(args))) return []
    const path = ['messages', message, 'tool_calls', i, 'function', 'arguments']
    return [setAt(path, JSON.stringify(argsObject(args)), 'this model takes arguments that are a JSON object alone')]
  })
}
