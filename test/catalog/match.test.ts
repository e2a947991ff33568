import { describe, expect, it } from 'vitest'
import { closestNames, matchModel, type Nameable } from '../../src/catalog/index.js'

const POOL: readonly Nameable[] = [
  { id: 'anthropic/claude-sonnet-4.5', cost: 15 },
  { id: 'anthropic/claude-opus-4-5', cost: 25 },
  { id: 'openai/gpt-5-mini', cost: 2 },
  { id: 'openrouter/openai/gpt-5-mini', cost: 2.1 },
  { id: 'groq/openai/gpt-oss-20b', cost: 0.3 },
  { id: 'mistral/mistral-large-2512', cost: 1.5 },
  { id: 'ollama/qwen3:8b', cost: 0 },
]
const find = (name: string): string | null => matchModel(name, POOL)?.id ?? null

describe('matching a model name', () => {
  it.each([
    ['anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4.5'],
    ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4.5'],
    ['Claude-Opus-4.5', 'anthropic/claude-opus-4-5'],
    ['claude-opus-4-5@20251101', 'anthropic/claude-opus-4-5'],
    ['qwen3-8b', 'ollama/qwen3:8b'],
    ['gpt-oss-20b', 'groq/openai/gpt-oss-20b'],
    ['openrouter/gpt-5-mini', 'openrouter/openai/gpt-5-mini'],
    ['openrouter/openai/gpt-5-mini-2025-08-07', 'openrouter/openai/gpt-5-mini'],
  ])('forgives dots, dashes, case, dates and the provider: %s', (name, id) => {
    expect(find(name)).toBe(id)
  })

  it('means the cheapest where several fit', () => {
    expect(find('gpt-5-mini')).toBe('openai/gpt-5-mini')
    expect(
      matchModel('m', [
        { id: 'a/m', cost: null },
        { id: 'b/m', cost: 9 },
        { id: 'c/m', cost: 3 },
      ])?.id,
    ).toBe('c/m')
  })

  it.each([
    'claude-sonnet-4',
    'claude-sonnet-5',
    'claude-opus',
    'gpt-5',
    'gpt-5-mini-high',
    'mistral-large-2411',
    'mistral-large',
    'google/gpt-oss-120b',
    'auto',
  ])('never guesses another model: %s', (name) => {
    expect(find(name)).toBeNull()
  })

  it('leaves a name whose provider is in the pool to that provider', () => {
    expect(find('groq/claude-sonnet-4.5')).toBeNull()
  })
})

describe('names close to a wrong one', () => {
  const names = POOL.map((model) => model.id)
  it.each([
    ['claude-sonet-4.5', 'anthropic/claude-sonnet-4.5'],
    ['gpt5-mini', 'openai/gpt-5-mini'],
    ['qwen3', 'ollama/qwen3:8b'],
  ])('%s', (wrong, right) => {
    expect(closestNames(wrong, names)[0]).toBe(right)
  })

  it('are none when nothing is near', () => {
    expect(closestNames('zzzzzzzzzzzzzzzzzzzzzzzzzzzz', names)).toEqual([])
  })
})
