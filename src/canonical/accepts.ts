import type { Effort } from './request.js'

/**
 * What a request may need of a model; each need is matched against the model's offers before choosing. Hosted tools belong to one vendor,
 * except web search, which most have; `mixed-tools` means hosted tools together with functions, `many-tools`
 * more than 128, and `grouped-tools` as many in the namespaces that Responses has for them.
 */
export const NEEDS = [
  'tools',
  'parallel-tools',
  'vision',
  'file-input',
  'audio-input',
  'json',
  'json-schema',
  'hosted-tools',
  'grammar-tools',
  'reasoning-replay',
  'n',
  'logprobs',
  // Later ones go last: a recorded need is its place in this list.
  'web-search',
  'mixed-tools',
  'hosted-openai',
  'hosted-anthropic',
  'hosted-google',
  'many-tools',
  'grouped-tools',
] as const
export type Need = (typeof NEEDS)[number]

/** Request parameters that some models refuse with a 400. */
export const PARAMETERS = [
  'temperature',
  'top_p',
  'top_k',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'seed',
  'stop',
  'n',
  'store',
  'reasoning_effort',
  'thinking_budget',
  'forced_tool_choice',
  'parallel_tool_calls',
  'prefill',
  /** Older Claude, Mistral, MiniMax, Qwen: instructions after the first message. */
  'mid_conversation_system',
  /** Mistral: ids of tool calls that are not nine letters and digits. */
  'foreign_call_ids',
  /** Mistral: the user right after results of tools. */
  'user_after_tool',
  /** Claude 4: `top_p` together with `temperature`. */
  'top_p_beside_temperature',
  /** Cerebras, Groq, Mistral: an assistant's earlier reasoning beside its content on openai-chat. */
  'reasoning_content',
  /** DeepSeek, Kimi: an assistant's message without `reasoning_content`, be it empty. */
  'missing_reasoning',
  /** OpenAI: schemas of tools that are no plain object, or leave out its properties or an array's items. */
  'loose_schemas',
  /** Kimi, besides: values in the schemas of tools without a type. */
  'untyped_schemas',
  /** Mistral, MiniMax: functions without `parameters`, which may name none. */
  'missing_parameters',
  /** Groq, Gemini 2: JSON asked for beside tools. */
  'json_with_tools',
  /** OpenAI: tools on openai-chat, which the model takes on openai-responses. */
  'tools_in_chat',
  // Fields that OpenAI added for newer models, which older ones refuse, and other servers that refuse what they do not know.
  'verbosity',
  'prompt_cache_key',
  'prompt_cache_retention',
  /** And breakpoints for the cache, on the parts of messages. */
  'prompt_cache_options',
  'safety_identifier',
  'user',
  /** Anthropic's marks for a cache, on messages, their parts and tools. */
  'cache_control',
  /** Anthropic's fast mode, which few models have. */
  'speed',
  /** Claude 5: an effort above `high` with thinking turned off. */
  'xhigh_without_thinking',
] as const
export type Parameter = (typeof PARAMETERS)[number]

/** What a target model accepts: catalog data, passed to the codecs as an argument. */
export interface Accepts {
  readonly needs: readonly Need[]
  /** Parameters this model refuses; a codec drops them and records a loss. */
  readonly refuses: readonly Parameter[]
  /** Name of the output limit on openai-chat. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /** Whether the target knows the `developer` role on openai-chat. */
  readonly developerRole: boolean
  /** Effort levels in rising order; empty when effort cannot be set. */
  readonly efforts: readonly Effort[]
  /** On openai-chat, `thinking: { type: 'disabled' }` turns the target's thinking off; it has no effort level for that. */
  readonly thinkingSwitch?: true
  /** On openai-chat, parts of messages take Anthropic's `cache_control`; nothing is cached without. */
  readonly cacheMarks?: true
  /** On openai-chat, earlier reasoning is read under this name alone. */
  readonly reasoningField?: 'reasoning'
  /** On anthropic-messages, the type of `thinking` that turns it off; null where nothing does. */
  readonly thinkingOff?: 'disabled' | 'between_tools' | null
  /** How thinking is requested from the target: not at all, by budget, adaptively with effort, or by effort. */
  readonly thinking: 'none' | 'budget' | 'adaptive' | 'effort'
  /** Tokens; the limit is clamped to it. Null when unknown. */
  readonly maxOutput: number | null
}

/** Something the target could not carry. `matters` means it would change the answer (a dropped tool, an image left out). */
export interface Loss {
  readonly field: string
  readonly why: string
  readonly matters: boolean
}
