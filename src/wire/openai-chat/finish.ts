import type { StopReason } from '../../canonical/index.js'

/**
 * `finish_reason` as a neutral reason. A forced call ends with `stop` at OpenAI; calls in the answer say what it was. Words beyond
 * OpenAI's: `eos` Together, `model_length` Mistral, `insufficient_system_resource` DeepSeek, `error` OpenRouter, `abort` vLLM, and
 * Z.ai's `sensitive`, `network_error`, `model_context_window_exceeded` (docs.z.ai/api-reference/llm/chat-completion).
 */
export function readFinish(raw: string, hasCalls: boolean): StopReason {
  switch (raw) {
    case 'stop':
    case 'eos':
      return hasCalls ? 'tool-calls' : 'stop'
    case 'length':
    case 'max_tokens':
    case 'model_length':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls'
    case 'content_filter':
    case 'sensitive':
      return 'content-filter'
    case 'error':
    case 'abort':
    case 'network_error':
    case 'insufficient_system_resource':
      return 'error'
    default:
      return 'other'
  }
}

export function writeFinish(reason: StopReason, legacy: boolean): string {
  switch (reason) {
    case 'length':
      return 'length'
    case 'tool-calls':
      return legacy ? 'function_call' : 'tool_calls'
    case 'content-filter':
    case 'refusal':
      return 'content_filter'
    case 'stop':
    case 'stop-sequence':
    case 'pause':
    case 'error':
    case 'other':
      return 'stop'
  }
}
