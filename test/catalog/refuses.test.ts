import { describe, expect, it } from 'vitest'
import type { Accepts, Parameter } from '../../src/canonical/index.js'
import { providers, resolveModel } from '../../src/catalog/index.js'

function acceptsOf(id: string): Accepts {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (provider === undefined) throw new Error(`no provider for ${id}`)
  return resolveModel({ id }, { provider, prices: null }).accepts
}

const refuses = (id: string): readonly Parameter[] => acceptsOf(id).refuses

/** Of a server that refuses fields that it does not know. */
const CLOSED: readonly Parameter[] = ['verbosity', 'safety_identifier', 'prompt_cache_retention', 'prompt_cache_options', 'cache_control']

describe('what models of one family refuse, some of them at their own vendor only', () => {
  it.each<readonly [id: string, refused: readonly Parameter[]]>([
    [
      'moonshot/kimi-k2.6',
      [
        'temperature',
        'top_p',
        'n',
        'presence_penalty',
        'frequency_penalty',
        'forced_tool_choice',
        'missing_reasoning',
        'loose_schemas',
        'untyped_schemas',
      ],
    ],
    [
      'moonshot/kimi-k3',
      ['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty', 'missing_reasoning', 'loose_schemas', 'untyped_schemas'],
    ],
    ['moonshot/kimi-k2-0905-preview', ['loose_schemas', 'untyped_schemas']],
    ['openrouter/moonshotai/kimi-k2.5', ['forced_tool_choice', 'missing_reasoning', 'loose_schemas', 'untyped_schemas']],
    [
      'fireworks/accounts/fireworks/models/kimi-k2p6',
      ['forced_tool_choice', 'missing_reasoning', 'loose_schemas', 'untyped_schemas', ...CLOSED],
    ],
    ['deepseek/deepseek-v4-flash', ['forced_tool_choice', 'missing_reasoning']],
    ['openrouter/deepseek/deepseek-v3.2', ['missing_reasoning']],
    ['openrouter/xiaomi/mimo-v2.5-pro', ['missing_reasoning']],
    ['minimax/MiniMax-M2.7', ['mid_conversation_system', 'missing_parameters']],
    ['deepseek/deepseek-chat', []],
    ['openai/gpt-4.1', ['top_k', 'loose_schemas', 'reasoning_content', 'verbosity', 'prompt_cache_options', 'cache_control']],
    ['openrouter/openai/gpt-4.1', ['top_k', 'loose_schemas']],
    ['xai/grok-4-0709', ['presence_penalty', 'frequency_penalty', 'stop', 'reasoning_effort']],
    ['xai/grok-4.5', ['presence_penalty', 'frequency_penalty', 'stop']],
    ['xai/grok-3-mini', ['presence_penalty', 'frequency_penalty', 'stop']],
    ['xai/grok-4-1-fast-non-reasoning', []],
    ['xai/grok-3', []],
    ['google/gemini-2.5-flash', ['json_with_tools']],
    ['google/gemini-3-pro-preview', []],
    ['google/gemini-3.5-flash', []],
    ['google/gemini-3.5-flash-lite', ['prefill']],
    ['google/gemini-3.8-flash', ['prefill']],
    ['groq/openai/gpt-oss-120b', ['json_with_tools', 'reasoning_content', 'logprobs', 'top_k', 'prompt_cache_key', ...CLOSED]],
    [
      'mistral/codestral-2508',
      [
        'foreign_call_ids',
        'user_after_tool',
        'mid_conversation_system',
        'missing_parameters',
        'reasoning_content',
        'store',
        'seed',
        'logit_bias',
        'logprobs',
        'top_k',
        'user',
        ...CLOSED,
      ],
    ],
    ['cerebras/gpt-oss-120b', ['reasoning_content', 'store', 'frequency_penalty', 'presence_penalty', 'logit_bias', ...CLOSED]],
  ])('%s', (id, refused) => {
    expect([...refuses(id)].sort()).toEqual([...refused].sort())
  })

  it('asks no model for reasoning that its server would refuse', () => {
    expect(refuses('groq/moonshotai/kimi-k2.5')).toContain('reasoning_content')
    expect(refuses('groq/moonshotai/kimi-k2.5')).not.toContain('missing_reasoning')
  })
})

it.each([
  ['openai/gpt-5.5', false, true],
  ['groq/llama-3.3-70b-versatile', false, false],
  ['anthropic/claude-opus-4-8', true, true],
  ['google/gemini-3-pro-preview', true, true],
])('%s takes more than 128 tools: %s, in namespaces: %s', (id, single, grouped) => {
  expect(acceptsOf(id).needs.includes('many-tools')).toBe(single)
  expect(acceptsOf(id).needs.includes('grouped-tools')).toBe(grouped)
})
