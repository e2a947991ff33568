import type { StopReason } from '../../canonical/index.js'

/**
 * Words beyond OpenAI's: `eos` Together, `model_length` Mistral, `insufficient_system_resource` DeepSeek, `error` OpenRouter, `abort`
 * vLLM, and Z.ai's `sensitive`, `network_error`, `model_context_window_exceeded` (docs.z.ai/api-reference/llm/chat-completion).
 */
const READ: Readonly<Record<string, StopReason>> = {
  stop: 'stop',
  eos: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  sensitive: 'content-filter',
  error: 'error',
  abort: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
}

/** `finish_reason` as a neutral reason. A forced call ends with `stop` at OpenAI; calls in the answer say what it was. */
export function readFinish(raw: string, hasCalls: boolean): StopReason {
  const reason = Object.hasOwn(READ, raw) ? READ[raw]! : 'other'
  return reason === 'stop' && hasCalls ? 'tool-calls' : reason
}

export function writeFinish(reason: StopReason, legacy: boolean): string {
  if (reason === 'tool-calls') return legacy ? 'function_call' : 'tool_calls'
  if (reason === 'content-filter' || reason === 'refusal') return 'content_filter'
  return reason === 'length' ? 'length' : 'stop'
}
