import type { Accepts, Effort, Need, Parameter, WireFormat } from '../canonical/index.js'
import type { ModelFacts } from './facts.js'
import { dashedName } from './model-name.js'

interface Described {
  /** Its id. */
  readonly provider: string
  readonly name: string
  readonly wire: WireFormat
  readonly wires: readonly WireFormat[]
  /** What this provider cannot do with any model. */
  readonly lacks: readonly Need[]
  readonly facts: ModelFacts | null
  readonly reasoning: boolean
  readonly maxOutput: number | null
}

/** OpenAI models that think: the output limit is renamed, and sampling parameters are a 400 (github.com/vercel/ai/issues/10932). */
const OPENAI_THINKS = /^(?:o[134](?:-|$)|gpt-[56](?:-|$)|codex)/
const OPENAI_SAMPLING: readonly Parameter[] = [
  'top_k',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
]
/** The first generation also refuses `stop`. */
const OPENAI_NO_STOP = /^(?:o3|o4|gpt-5(?:-mini|-nano)?(?:-2025.*)?$)/
/** "verbosity does not support 'low' with this model. Supported values are: 'medium'" (github.com/enricoros/big-AGI/issues/947, openai/codex/issues/19188). */
const OPENAI_VERBOSITY = /^gpt-[56](?!.*codex)(?!-chat)/
/**
 * These are told of their cache by `prompt_cache_options` and breakpoints, those before by `prompt_cache_retention`, and each refuses the
 * other's (developers.openai.com/api/docs/guides/prompt-caching, github.com/anomalyco/opencode/issues/36315).
 */
const OPENAI_BREAKPOINTS = /^gpt-(?:5-[6-9]|[6-9])/
const OPENAI_NAMES = /^(?:gpt-[3-9]|o\d|chatgpt|codex)/

/**
 * These refuse tools together with an effort on /v1/chat/completions: 5.2 and 5.4 where one is asked for, 5.5 in any case; 5.3 is taken to
 * be the same (github.com/openai/openai-openapi/issues/541, livekit/agents/pull/5088 and /pull/7169, charmbracelet/crush/issues/2913).
 */
export const TOOLS_IN_RESPONSES = /^gpt-5-[2-5](?:-|$)/

/**
 * These take instructions in front alone, wherever they run: "System message must be at the beginning" of Qwen's template since 3.5, an
 * "invalid message role" of MiniMax (github.com/ollama/ollama/issues/17774, vllm-project/vllm/issues/41114, openclaw/openclaw/issues/19386).
 */
const SYSTEM_FIRST = /^(?:qwen-?(?:3-[5-9](?:-|$)|[4-9])|minimax-m\d)/
/** At Groq; others are told "This model does not support response format `json_schema`" (console.groq.com/docs/structured-outputs). */
const GROQ_SCHEMAS = /^(?:gpt-oss|kimi-k2|llama-4)/

/** Ids of tool calls and the order of roles are checked by the template of these models, wherever they run. */
const MISTRAL = /^(?:open-)?(?:mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral)/

/** "function parameters is empty (2013)" (github.com/QwenLM/qwen-code/issues/11834, Mirascope/mirascope/issues/961 of Mistral). */
const MINIMAX = /^minimax/

/**
 * All refuse a history whose assistant messages lack `reasoning_content`, as another model's do; an empty one will do
 * (api-docs.deepseek.com/guides/thinking_mode, github.com/earendil-works/pi/issues/3636 and /pull/987, mateaix/mateclaw/issues/188 of MiMo).
 */
const WANTS_REASONING = /^(?:deepseek-(?:v[4-9]|v3-2|reasoner)|kimi-k(?:2-[5-9]|2-thinking|[3-9])|mimo-v\d)/
/** While thinking, which is on by default (github.com/deepseek-ai/DeepSeek-V3/issues/1376, platform.kimi.ai on Kimi K2.5). */
const FORCED_UNLESS_THINKING = /^(?:deepseek-(?:v[4-9]|reasoner)|kimi-k2-[5-9])/
/** Fixed by Moonshot since K2.5; anything else is a 400 (platform.kimi.ai/docs/guide/kimi-k2-5-quickstart, java.agentscope.io on Kimi). */
const KIMI_FIXED = /^kimi-k(?:2-[5-9]|[3-9])/
const KIMI_SAMPLING: readonly Parameter[] = ['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty']

/**
 * Newer fields of OpenAI's and marks for caches, of servers that refuse what they do not know: "property 'verbosity' is unsupported"
 * (github.com/CherryHQ/cherry-studio/issues/11435, eigent-ai/eigent/issues/1827, musistudio/claude-code-router/issues/377,
 * docs.getbifrost.ai/providers/supported-providers/cerebras).
 */
const OPENAI_FIELDS: readonly Parameter[] = [
  'verbosity',
  'safety_identifier',
  'prompt_cache_retention',
  'prompt_cache_options',
  'cache_control',
]

/**
 * What servers refuse whichever model they run; agents send `store: false` to all (pi, OpenClaw), and penalties of 0 (Copilot CLI).
 * github.com/Gitlawb/openclaude/issues/739, docs.mistral.ai/api; github.com/huggingface/huggingface.js/pull/2268, hexdocs.pm/req_llm/cerebras.html
 */
const SERVER_REFUSES: Readonly<Record<string, readonly Parameter[]>> = {
  mistral: ['store', 'seed', 'logit_bias', 'logprobs', 'top_k', 'user', ...OPENAI_FIELDS],
  // "json mode cannot be combined with tool/function calling" (github.com/vercel/ai/pull/16540)
  groq: ['json_with_tools', 'logprobs', 'top_k', 'prompt_cache_key', ...OPENAI_FIELDS],
  cerebras: ['store', 'frequency_penalty', 'presence_penalty', 'logit_bias', ...OPENAI_FIELDS],
  fireworks: OPENAI_FIELDS,
}

/**
 * Models that think unless told otherwise, by provider (api-docs.deepseek.com/guides/thinking_mode, platform.kimi.ai/docs on K2.5,
 * docs.z.ai/guides/capabilities/thinking-mode). Kimi from K2.7 and GLM from 5.3 always think.
 */
const SWITCHED: Readonly<Record<string, RegExp>> = {
  deepseek: /^deepseek-v[4-9]/,
  moonshot: /^kimi-k2-[56](?:-|$)/,
  zai: /^glm-(?:4-[5-9]|5(?:-[0-2])?(?:-\D|$))/,
}

/** Reasoning models of xAI (docs.x.ai/developers/model-capabilities/text/reasoning); effort came with 4.3 (@ai-sdk/xai 3.0.97), before it only 3 mini had any. */
const GROK_THINKS = /^grok-(?:3-mini|[4-9]|code|build)(?!.*non-reasoning)/
const GROK_EFFORT = /^grok-(?:3-mini|4-[3-9]|4-20-multi-agent|[5-9])/
const GROK_REFUSES: readonly Parameter[] = ['presence_penalty', 'frequency_penalty', 'stop']

/** Claude from Opus 4.7 on: sampling parameters, thinking budgets and prefill are a 400 (Anthropic migration guides, 2026). */
const CLAUDE_ADAPTIVE_ONLY = /^claude-(?:opus-(?:4-[7-9]|[5-9])|sonnet-[5-9]|haiku-[5-9]|fable|mythos)/
/** A forced tool is a 400 to these (platform.claude.com, migration guides of Opus 5.5, Sonnet 5.5 and Fable 5.1). */
const CLAUDE_UNFORCED = /^claude-(?:opus-5-5|sonnet-5-5|(?:fable|mythos)-5-[1-9](?:-|$))/
/** These always think: '"thinking.type.disabled" is not supported for this model', as Claude Code sends it where it wants a title. */
const CLAUDE_THINKS = /^claude-(?:opus-5-5|fable|mythos)/
/** And this one between the calls of tools only. */
const CLAUDE_THINKS_BETWEEN = /^claude-sonnet-5-5/
/** "effort 'xhigh' is not supported when thinking is disabled on this model" (github.com/anthropics/claude-code/issues/76689). */
const CLAUDE_EFFORT_CAPPED = /^claude-(?:opus-4-8|opus-5|sonnet-5-5|haiku-5)/
/** System messages in mid-conversation came with Opus 4.8 and the fifth generation (github.com/anomalyco/opencode/pull/43180). */
const CLAUDE_SYSTEM_ANYWHERE = /^claude-(?:opus-(?:4-[89]|[5-9])|sonnet-[5-9]|haiku-[5-9]|fable|mythos)/
/** "Requests ending with a model turn are not supported" (github.com/LibreChat-AI/agents/pull/323, pipecat-ai/pipecat/pull/5821). */
const GEMINI_NO_PREFILL = /^gemini-(?:3-5-flash-lite|3-[6-9]|[4-9])/
/** Others answer "does not support the `speed` parameter" (code.claude.com/docs/en/fast-mode; 4.6 takes it and is no faster). */
const CLAUDE_FAST = /^claude-(?:opus-(?:4-[68]|[5-9])|fable-5-[2-9])/
/** Since Opus 4.1 temperature and top_p exclude each other (docs.claude.com, what is new in Claude 4.5). */
const CLAUDE_ONE_OF_TWO = /^claude-(?:opus-4-[156]|(?:sonnet|haiku)-4-[56])/
const CLAUDE_ADAPTIVE = /^claude-(?:opus|sonnet)-4-6/
const CLAUDE_OLD = /^claude-(?:[123]|instant|opus-4-0|sonnet-4-0|opus-4$|sonnet-4$|opus-4-20|sonnet-4-20)/
const CLAUDE_EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']

/** What a model accepts, by its wire format, family and facts. If nothing is known: what its format commonly allows. */
export function acceptsOf(model: Described): Accepts {
  const dashed = dashedName(model.name)
  return {
    needs: needsOf(model, dashed),
    refuses: refusesOf(model, dashed),
    maxTokensField: OPENAI_THINKS.test(dashed) ? 'max_completion_tokens' : 'max_tokens',
    developerRole: OPENAI_NAMES.test(dashed),
    efforts: effortsOf(model, dashed),
    ...(SWITCHED[model.provider]?.test(dashed) ? { thinkingSwitch: true as const } : {}),
    ...(model.provider === 'openrouter' && dashed.startsWith('claude-') ? { cacheMarks: true as const } : {}),
    // github.com/vllm-project/vllm/issues/38488, QwenLM/qwen-code/issues/4285
    ...(model.provider === 'vllm' ? { reasoningField: 'reasoning' as const } : {}),
    ...(dashed.startsWith('claude-') ? { thinkingOff: thinkingOffOf(dashed) } : {}),
    thinking: thinkingOf(model, dashed),
    maxOutput: model.maxOutput,
  }
}

function refusesOf({ provider, lacks, wires }: Described, dashed: string): readonly Parameter[] {
  const refused = [...refusedParameters(dashed), ...(SERVER_REFUSES[provider] ?? [])]
  if (OPENAI_NAMES.test(dashed) && provider !== 'openrouter') refused.push(...openaiRefuses(dashed))
  // Google's endpoint for OpenAI's format: "Unknown name: Cannot find field".
  if (provider === 'google' && wires.includes('openai-chat')) refused.push('prompt_cache_key', ...OPENAI_FIELDS)
  if (TOOLS_IN_RESPONSES.test(dashed) && wires.length > 1) refused.push('tools_in_chat')
  if (dashed.startsWith('claude-') && !CLAUDE_FAST.test(dashed)) refused.push('speed')
  if (dashed.startsWith('claude-') && !CLAUDE_SYSTEM_ANYWHERE.test(dashed)) refused.push('mid_conversation_system')
  if (provider === 'moonshot' && KIMI_FIXED.test(dashed)) refused.push(...KIMI_SAMPLING)
  if (MINIMAX.test(dashed) || MISTRAL.test(dashed)) refused.push('missing_parameters')
  if (dashed.startsWith('kimi-')) refused.push('loose_schemas', 'untyped_schemas')
  if (FORCED_UNLESS_THINKING.test(dashed)) refused.push('forced_tool_choice')
  // OpenAI's models take none in chat, where others leave theirs; OpenRouter gives them what they sealed (`reasoning_details`).
  if (lacks.includes('reasoning-replay') || (OPENAI_NAMES.test(dashed) && provider !== 'openrouter')) refused.push('reasoning_content')
  else if (WANTS_REASONING.test(dashed)) refused.push('missing_reasoning')
  return refused
}

/** What OpenAI's models refuse at every server but OpenRouter, which fits requests to them. */
function openaiRefuses(dashed: string): readonly Parameter[] {
  return [
    // "Unknown parameter: 'messages[0].content[0].cache_control'"
    'cache_control',
    OPENAI_BREAKPOINTS.test(dashed) ? 'prompt_cache_retention' : 'prompt_cache_options',
    ...(OPENAI_VERBOSITY.test(dashed) ? [] : (['verbosity'] as const)),
  ]
}

function refusedParameters(dashed: string): readonly Parameter[] {
  if (OPENAI_THINKS.test(dashed)) return [...OPENAI_SAMPLING, 'loose_schemas', ...(OPENAI_NO_STOP.test(dashed) ? (['stop'] as const) : [])]
  if (OPENAI_NAMES.test(dashed)) return ['top_k', 'loose_schemas']
  if (CLAUDE_ADAPTIVE_ONLY.test(dashed)) {
    const always: readonly Parameter[] = ['temperature', 'top_p', 'top_k', 'thinking_budget', 'prefill']
    const forced = CLAUDE_UNFORCED.test(dashed) ? (['forced_tool_choice'] as const) : []
    return [...always, ...forced, ...(CLAUDE_EFFORT_CAPPED.test(dashed) ? (['xhigh_without_thinking'] as const) : [])]
  }
  if (CLAUDE_ONE_OF_TWO.test(dashed)) return [...(CLAUDE_ADAPTIVE.test(dashed) ? (['prefill'] as const) : []), 'top_p_beside_temperature']
  if (GEMINI_NO_PREFILL.test(dashed)) return ['prefill']
  // "Function calling with a response mime type: 'application/json' is unsupported" (github.com/googleapis/python-genai/issues/867).
  if (/^gemini-[12]/.test(dashed)) return ['json_with_tools']
  // No instructions after words of the assistant: "Unexpected role 'system' after role 'assistant'" (mistral_common's validator).
  if (MISTRAL.test(dashed)) return ['foreign_call_ids', 'user_after_tool', 'mid_conversation_system']
  if (SYSTEM_FIRST.test(dashed)) return ['mid_conversation_system']
  if (GROK_THINKS.test(dashed)) return GROK_EFFORT.test(dashed) ? GROK_REFUSES : [...GROK_REFUSES, 'reasoning_effort']
  return []
}

function thinkingOffOf(dashed: string): 'disabled' | 'between_tools' | null {
  if (CLAUDE_THINKS.test(dashed)) return null
  return CLAUDE_THINKS_BETWEEN.test(dashed) ? 'between_tools' : 'disabled'
}

function thinkingOf({ wire, facts, reasoning }: Described, dashed: string): Accepts['thinking'] {
  if (CLAUDE_ADAPTIVE_ONLY.test(dashed) || CLAUDE_ADAPTIVE.test(dashed)) return 'adaptive'
  if (wire === 'anthropic-messages') return reasoning ? 'budget' : 'none'
  if (!reasoning) return 'none'
  if (wire === 'gemini') return (facts?.efforts.length ?? 0) > 0 || /^gemini-[3-9]/.test(dashed) ? 'effort' : 'budget'
  return 'effort'
}

function effortsOf({ wire, facts, reasoning }: Described, dashed: string): readonly Effort[] {
  if (facts && facts.efforts.length > 0) return facts.efforts
  if (CLAUDE_ADAPTIVE_ONLY.test(dashed) || CLAUDE_ADAPTIVE.test(dashed)) return CLAUDE_EFFORTS
  // Told by a budget, which may not be 0: "This model only works in thinking mode" (ai.google.dev/gemini-api/docs/thinking).
  if (/^gemini-2-5-pro/.test(dashed)) return ['low', 'medium', 'high']
  if (wire === 'anthropic-messages' || /^gemini-2/.test(dashed)) return []
  return reasoning ? ['low', 'medium', 'high'] : []
}

function needsOf(model: Described, dashed: string): readonly Need[] {
  const { wires, facts } = model
  const images =
    facts?.image ?? (model.wire !== 'openai-chat' || OPENAI_NAMES.test(dashed) || /vision|-vl|pixtral|llava|claude|gemini/.test(dashed))
  const files = images && (OPENAI_NAMES.test(dashed) || dashed.startsWith('claude') || dashed.startsWith('gemini'))
  const found: Need[] = facts?.tools === false ? [] : ['tools', 'parallel-tools', 'many-tools', 'grouped-tools']
  if (images) found.push('vision')
  if (files) found.push('file-input')
  if (wires.includes('gemini') && dashed.startsWith('gemini')) found.push('audio-input')
  // Anthropic has no mode for JSON of any shape, only schemas.
  if (wires.some((wire) => wire !== 'anthropic-messages')) found.push('json')
  if (!CLAUDE_OLD.test(dashed) && !(model.provider === 'groq' && !GROQ_SCHEMAS.test(dashed))) found.push('json-schema')
  if (wires.some((wire) => wire !== 'openai-chat')) found.push('hosted-tools', 'web-search')
  // The second generation of Gemini takes hosted tools alone (ai.google.dev/gemini-api/docs/tool-combination).
  if (wires.includes('openai-responses') || wires.includes('anthropic-messages') || /^gemini-[3-9]/.test(dashed)) found.push('mixed-tools')
  if (wires.includes('openai-responses')) found.push('hosted-openai')
  if (wires.includes('anthropic-messages')) found.push('hosted-anthropic')
  if (wires.includes('gemini')) found.push('hosted-google')
  if (wires.includes('openai-responses')) found.push('grammar-tools')
  if (model.reasoning && wires.some((wire) => wire !== 'openai-chat')) found.push('reasoning-replay')
  if (wires.includes('openai-chat') || wires.includes('gemini')) found.push('n')
  if (wires.includes('openai-chat') && !OPENAI_THINKS.test(dashed)) found.push('logprobs')
  return found.filter((need) => !model.lacks.includes(need))
}
