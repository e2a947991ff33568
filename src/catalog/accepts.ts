import type { Accepts, WireFormat } from '../canonical/index.js'

const COMMON = ['tools', 'parallel-tools', 'vision', 'file-input', 'json', 'json-schema', 'reasoning-replay'] as const

/** What a model is taken to accept when nothing is known but its wire format: all that the format can say. */
export function acceptsByDefault(wire: WireFormat): Omit<Accepts, 'maxOutput'> {
  switch (wire) {
    case 'openai-chat':
      return base(['tools', 'parallel-tools', 'vision', 'json', 'json-schema', 'n', 'logprobs'], [])
    case 'openai-responses':
      return base([...COMMON, 'hosted-tools', 'grammar-tools', 'logprobs'], [])
    case 'anthropic-messages':
      return base([...COMMON, 'hosted-tools'], ['frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'seed', 'n'])
    case 'gemini':
      return base([...COMMON, 'hosted-tools', 'audio-input', 'n', 'logprobs'], ['logit_bias', 'parallel_tool_calls', 'prefill'])
  }
}

function base(needs: Accepts['needs'], refuses: Accepts['refuses']): Omit<Accepts, 'maxOutput'> {
  return { needs, refuses, maxTokensField: 'max_tokens', developerRole: false, efforts: [], thinking: 'none' }
}
