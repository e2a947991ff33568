import type { Need, WireFormat } from '../canonical/index.js'

/** A provider that needs no more than a key in the environment, or nothing at all when it runs on this machine. */
export interface KnownProvider {
  readonly id: string
  readonly title: string
  /** Format used when the client's own is not among `wires`. */
  readonly wire: WireFormat
  /** Every format served below the same base URL. */
  readonly wires: readonly WireFormat[]
  /** What that vendor's own SDK takes: OpenAI formats with `/v1`, Anthropic and Gemini without. */
  readonly baseURL: string
  /** Environment variables that may hold its key, the first one set wins. Empty when no key is needed. */
  readonly env: readonly string[]
  /** Runs on this machine: needs no key and no price (0 is right, not unknown). */
  readonly local: boolean
  /** Its id in the price package, null when prices are not listed there. */
  readonly priceId: string | null
  /** What none of its models can be asked for, though the format has a field for it. */
  readonly lacks: readonly Need[]
}

type Row = readonly [id: string, title: string, baseURL: string, env: readonly string[], priceId: string | null, lacks: readonly Need[]]

const GOOGLE_ENV = ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY']

/** At most 128 (api-docs.deepseek.com, github.com/gsd-build/gsd-2/issues/4376 of Groq); OpenAI counts a namespace as one. */
const FEW_TOOLS: readonly Need[] = ['many-tools', 'grouped-tools']

/** Services that speak OpenAI Chat Completions. */
const CHAT: readonly Row[] = [
  ['deepseek', 'DeepSeek', 'https://api.deepseek.com/v1', ['DEEPSEEK_API_KEY'], 'deepseek', ['json-schema', 'n', ...FEW_TOOLS]],
  ['mistral', 'Mistral', 'https://api.mistral.ai/v1', ['MISTRAL_API_KEY'], 'mistral', ['logprobs', 'reasoning-replay']],
  ['groq', 'Groq', 'https://api.groq.com/openai/v1', ['GROQ_API_KEY'], 'groq', ['n', 'logprobs', 'reasoning-replay', ...FEW_TOOLS]],
  ['together', 'Together', 'https://api.together.xyz/v1', ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY'], 'together', []],
  ['xai', 'xAI', 'https://api.x.ai/v1', ['XAI_API_KEY', 'GROK_API_KEY'], 'x-ai', []],
  [
    'moonshot',
    'Moonshot AI',
    'https://api.moonshot.ai/v1',
    ['MOONSHOT_API_KEY', 'KIMI_API_KEY'],
    'moonshotai',
    ['json-schema', 'logprobs'],
  ],
  ['fireworks', 'Fireworks', 'https://api.fireworks.ai/inference/v1', ['FIREWORKS_API_KEY'], 'fireworks', []],
  ['openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', ['OPENROUTER_API_KEY'], 'openrouter', ['n']],
  ['cerebras', 'Cerebras', 'https://api.cerebras.ai/v1', ['CEREBRAS_API_KEY'], 'cerebras', ['n', 'reasoning-replay']],
  ['zai', 'Z.ai', 'https://api.z.ai/api/paas/v4', ['ZAI_API_KEY'], 'zai', ['json-schema', 'n', 'logprobs']],
  ['minimax', 'MiniMax', 'https://api.minimax.io/v1', ['MINIMAX_API_KEY'], 'minimax', ['json-schema', 'n', 'logprobs']],
]

/** Servers on this machine, at the port each listens on by default, and the sandbox. */
const LOCAL: readonly Row[] = [
  ['ollama', 'Ollama', 'http://127.0.0.1:11434/v1', [], null, ['n', 'logprobs']],
  ['lmstudio', 'LM Studio', 'http://127.0.0.1:1234/v1', [], null, ['n', 'logprobs']],
  ['vllm', 'vLLM', 'http://127.0.0.1:8000/v1', [], null, []],
  ['sandbox', 'Sandbox (simulated)', 'sandbox:', [], null, []],
]

/** Services with formats of their own. The first format is used when the client's own is not among them. */
const VENDORS: readonly (readonly [row: Row, wires: readonly [WireFormat, ...WireFormat[]]])[] = [
  [
    ['openai', 'OpenAI', 'https://api.openai.com/v1', ['OPENAI_API_KEY'], 'openai', ['many-tools']],
    ['openai-chat', 'openai-responses'],
  ],
  [['anthropic', 'Anthropic', 'https://api.anthropic.com', ['ANTHROPIC_API_KEY'], 'anthropic', []], ['anthropic-messages']],
  [['google', 'Google Gemini', 'https://generativelanguage.googleapis.com', GOOGLE_ENV, 'google', []], ['gemini']],
]

function provider(
  [id, title, baseURL, env, priceId, lacks]: Row,
  local: boolean,
  wires: readonly [WireFormat, ...WireFormat[]] = ['openai-chat'],
): KnownProvider {
  return { id, title, wire: wires[0], wires, baseURL, env, local, priceId, lacks }
}

const LIST: readonly KnownProvider[] = [
  ...VENDORS.map(([row, wires]) => provider(row, false, wires)),
  ...CHAT.map((row) => provider(row, false)),
  ...LOCAL.map((row) => provider(row, true)),
]

/** Known providers by id. `OPENAI_BASE_URL` and its relatives are not read: they may point back at this very proxy. */
export const providers: Readonly<Record<string, KnownProvider>> = Object.fromEntries(LIST.map((p) => [p.id, p]))
