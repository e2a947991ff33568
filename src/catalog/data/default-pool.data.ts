/**
 * The pool of a provider for which only a key is given: models current in November 2026 over a wide price range, cheapest first.
 * Names are those the provider itself takes.
 */
export const DEFAULT_POOL: Readonly<Record<string, readonly string[]>> = {
  openai: ['gpt-6-luna', 'gpt-5.4-mini', 'gpt-6-sol', 'gpt-6-astra', 'text-embedding-3-small'],
  anthropic: ['claude-haiku-4-5', 'claude-sonnet-5', 'claude-opus-5-5'],
  google: ['gemini-2.5-flash-lite', 'gemini-3.5-flash-lite', 'gemini-3.8-flash', 'gemini-3.1-pro-preview', 'gemini-embedding-001'],
  openrouter: [
    'meta-llama/llama-3.3-70b-instruct',
    'openai/gpt-6-luna',
    'deepseek/deepseek-v4-flash',
    'z-ai/glm-5.3',
    'anthropic/claude-sonnet-5',
    'anthropic/claude-opus-5.5',
  ],
  deepseek: ['deepseek-v4-flash', 'deepseek-v4-pro'],
  mistral: ['ministral-8b-2512', 'mistral-small-2603', 'mistral-large-2512', 'mistral-medium-3-5', 'mistral-embed'],
  groq: ['llama-3.1-8b-instant', 'openai/gpt-oss-20b', 'openai/gpt-oss-120b', 'llama-3.3-70b-versatile'],
  together: ['meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
  xai: ['grok-4-1-fast-non-reasoning', 'grok-4-1-fast-reasoning', 'grok-4.3', 'grok-4.6'],
  moonshot: ['kimi-k2.5', 'kimi-k2.7-code', 'kimi-k3'],
  fireworks: [
    'accounts/fireworks/models/gpt-oss-20b',
    'accounts/fireworks/models/deepseek-v4-flash',
    'accounts/fireworks/models/glm-5p2',
    'accounts/fireworks/models/kimi-k3',
  ],
  cerebras: ['gpt-oss-120b', 'gemma-4-31b'],
  zai: ['GLM-5.3-Flash', 'GLM-5.3'],
  minimax: ['MiniMax-M2.7', 'minimax-m3'],
}
