import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { MODEL_FACTS } from '../../src/catalog/data/model-facts.data.js'
import {
  abilityForTask,
  DEFAULT_POOL,
  findFacts,
  type ModelRev,
  type ModelSpec,
  openPrices,
  PRICE_DATA,
  type PriceBook,
  providers,
  resolveModel,
  SOURCES,
  sandboxModels,
  TASK_MIX,
} from '../../src/catalog/index.js'
import { TASKS } from '../../src/classify/types.js'
import { recordHash } from '../../src/kit/index.js'

let prices: PriceBook
beforeAll(async () => {
  prices = await openPrices('2026-11-21')
})

it('finds the price of a model again without loading the price list again', async () => {
  const before = (await openPrices('2026-11-20')).find('openai', 'gpt-5-mini')
  expect(before?.rates?.input).toBeGreaterThan(0)
  const { cache, resolve } = createRequire(import.meta.url)
  const path = resolve(PRICE_DATA.package)
  vi.spyOn(WeakRef.prototype, 'deref').mockReturnValue(undefined)
  cache[path] = { loaded: true, exports: { findProvider: () => expect.unreachable() } } as never
  onTestFinished(() => {
    delete cache[path]
    vi.restoreAllMocks()
  })
  expect((await openPrices('2026-11-20')).find('openai', 'gpt-5-mini')).toEqual(before)
})

function model(id: string, more: Partial<ModelSpec> = {}): ModelRev {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (!provider) throw new Error(`no provider for ${id}`)
  return resolveModel({ id, ...more }, { provider, prices })
}

const quality = (rev: ModelRev, task = 'chat'): number => 1 / (1 + Math.exp(-abilityForTask(rev, task).mean))

describe('the price list', () => {
  it('makes every chat model of a known provider usable, with a price and a marked guess where nothing is known', () => {
    const all = Object.values(providers).flatMap((p) =>
      p.priceId === null
        ? []
        : prices
            .list(p.priceId)
            .filter((row) => row.kind === 'chat')
            .map((row) => `${p.id}/${row.id}`),
    )
    const revs = all.map((id) => model(id))
    expect(revs.length).toBeGreaterThan(800)
    for (const rev of revs) {
      expect(rev.rates?.output, rev.id).not.toBeNull()
      expect(quality(rev), rev.id).toBeGreaterThan(0.2)
      expect(quality(rev), rev.id).toBeLessThan(0.98)
      expect(rev.speed.tokensPerSecond, rev.id).toBeGreaterThan(20)
    }
    expect(new Set(revs.map((rev) => rev.abilityBasis))).toEqual(new Set(['measured', 'regressed', 'guess']))
  })

  it('gives long-context tiers, cache rates and prices of the day', () => {
    expect(model('openai/gpt-5.4').rates).toMatchObject({
      input: 2.5e6,
      cacheRead: 2.5e5,
      tiers: [{ above: 271_999, input: 5e6, output: 22.5e6, cacheRead: 5e5 }],
    })
    expect(model('anthropic/claude-sonnet-4-6').rates).toMatchObject({ cacheWrite5m: 3.75e6, cacheWrite1h: 6e6 })
    expect(model('anthropic/claude-sonnet-4-6').rates?.tiers).toBeUndefined()
    expect(model('google/gemini-3.8-flash').rates?.output).toBe(3.75e6)
  })

  it('gives a model whose price changes with the hour the price of most of the day', () => {
    expect(model('deepseek/deepseek-v4-flash').rates?.output).toBe(660_000)
    expect(model('deepseek/deepseek-chat').rates?.output).toBe(1_100_000)
  })

  it('leaves an unlisted price unknown and a local one free', () => {
    expect(model('openai/gpt-99').rates).toBeNull()
    expect(model('ollama/qwen3:8b').rates?.output).toBe(0)
    expect(model('openai/gpt-99', { price: { input: 1, output: 2 } }).rates?.output).toBe(2e6)
  })

  it('knows every model of the ready-made pools', () => {
    for (const [provider, names] of Object.entries(DEFAULT_POOL))
      for (const name of names) {
        const rev = model(`${provider}/${name}`)
        expect(rev.rates, rev.id).not.toBeNull()
        if (rev.kind === 'chat') expect(findFacts(name), rev.id).not.toBeNull()
      }
  })
})

describe('the data of prices', () => {
  it('is of the version that it says', () => {
    const installed = readFileSync(new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url), 'utf8')
    expect((JSON.parse(installed) as { version: string }).version).toBe(PRICE_DATA.version)
  })
})

describe('names', () => {
  it('are spelled as the provider does where only dots, dashes or case differ', () => {
    expect(model('anthropic/claude-sonnet-4.5').name).toBe('claude-sonnet-4-5')
    expect(model('openai/gpt-5-4-mini').name).toBe('gpt-5.4-mini')
    expect(model('anthropic/claude-sonnet-4-5-20250929').name).toBe('claude-sonnet-4-5-20250929')
    expect(model('openrouter/anthropic/claude-sonnet-4.5').name).toBe('anthropic/claude-sonnet-4.5')
  })

  it.each([
    ['accounts/fireworks/models/llama-v3p1-8b-instruct', 'llama-3.1-8b-instruct'],
    ['llama-3.1-8b-instant', 'llama-3.1-8b-instruct'],
    ['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'llama-3.3-70b-instruct'],
    ['gpt-oss:20b', 'gpt-oss-20b'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['claude-4-5-sonnet', 'claude-sonnet-4-5'],
    ['mistral-small-2603', 'mistral-small-2603'],
    ['mistral-large-latest', 'mistral-large-2512'],
    ['Qwen/Qwen3.5-27B', 'qwen3.5-27b'],
  ])('of hosts lead to the facts of the model itself: %s', (name, id) => {
    expect(findFacts(name)?.id).toBe(id)
  })

  it.each(['mistral-medium-2312', 'claude-sonnet-5-6', 'gpt-4', 'gpt-5.4-pro', 'claude-opus-6'])(
    'of another model lead to no facts: %s',
    (name) => {
      expect(findFacts(name)).toBeNull()
    },
  )
})

describe('ability', () => {
  it('puts small models of 2024 at six or seven of ten reference requests and the best at nineteen of twenty', () => {
    expect(quality(model('openai/gpt-4o-mini'))).toBeGreaterThan(0.55)
    expect(quality(model('openai/gpt-4o-mini'))).toBeLessThan(0.7)
    expect(quality(model('anthropic/claude-opus-5-5'))).toBeGreaterThan(0.93)
    expect(quality(model('anthropic/claude-opus-5-5'))).toBeLessThan(0.97)
  })

  it('is that of a call without settings: thinking on request is not counted', () => {
    expect(quality(model('openai/gpt-5.2'), 'math')).toBeLessThan(quality(model('openai/gpt-5.5'), 'math'))
    expect(findFacts('gpt-5.2')).toMatchObject({ config: 'none', verbosity: 1 })
    expect(findFacts('claude-haiku-4-5')?.config).toBe('none')
  })

  it('is set by the user as quality at the reference difficulty', () => {
    const rev = model('ollama/qwen3:8b', { quality: 0.8 })
    expect(rev.abilityBasis).toBe('configured')
    for (const task of TASKS) expect(quality(rev, task)).toBeCloseTo(0.8, 9)
    const mixed = model('ollama/qwen3:8b', { quality: { math: 0.9 } })
    expect(quality(mixed, 'math')).toBeCloseTo(0.9, 9)
    expect(mixed.ability.chat).toEqual(model('ollama/qwen3:8b').ability.chat)
  })

  it('has a mix of groups for every task', () => {
    expect(Object.keys(TASK_MIX).sort()).toEqual([...TASKS].sort())
    for (const mix of Object.values(TASK_MIX)) expect(mix.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 9)
  })
})

describe('what models accept', () => {
  it('renames the limit and refuses sampling where OpenAI models think', () => {
    for (const id of ['openai/gpt-5-mini', 'openai/o3', 'openai/gpt-6-sol', 'openrouter/openai/gpt-5.4']) {
      const { accepts } = model(id)
      expect(accepts.maxTokensField, id).toBe('max_completion_tokens')
      expect(accepts.refuses, id).toEqual(expect.arrayContaining(['temperature', 'top_p', 'logprobs']))
      expect(accepts.thinking, id).toBe('effort')
    }
    expect(model('openai/gpt-4o').accepts).toMatchObject({
      refuses: ['top_k', 'loose_schemas', 'cache_control', 'prompt_cache_options', 'verbosity', 'reasoning_content'],
      maxTokensField: 'max_tokens',
      developerRole: true,
      efforts: [],
    })
  })

  it('knows which providers refuse reasoning that is given back', () => {
    for (const id of ['groq/openai/gpt-oss-120b', 'cerebras/gpt-oss-120b', 'mistral/mistral-large-2512']) {
      expect(model(id).accepts.refuses, id).toContain('reasoning_content')
    }
    expect(model('deepseek/deepseek-v4-flash').accepts.refuses).not.toContain('reasoning_content')
  })

  it('knows how each Claude thinks', () => {
    expect(model('anthropic/claude-sonnet-4-5').accepts).toMatchObject({
      thinking: 'budget',
      refuses: ['top_p_beside_temperature', 'speed', 'mid_conversation_system'],
      efforts: [],
    })
    expect(model('anthropic/claude-opus-4-8').accepts).toMatchObject({
      thinking: 'adaptive',
      refuses: ['temperature', 'top_p', 'top_k', 'thinking_budget', 'prefill', 'xhigh_without_thinking'],
    })
    expect(model('anthropic/claude-haiku-4-5').cache).toEqual({ mode: 'explicit', minTokens: 4096, stepTokens: 1, ttlMs: 300_000 })
  })

  it.each<readonly [id: string, thinkingOff: string | null, forced: boolean, capped: boolean]>([
    ['claude-opus-4-7', 'disabled', true, false],
    ['claude-opus-5', 'disabled', true, true],
    ['claude-opus-5-20260724', 'disabled', true, true],
    ['claude-opus-5-5', null, false, true],
    ['claude-sonnet-5', 'disabled', true, false],
    ['claude-sonnet-5-5', 'between_tools', false, true],
    ['claude-haiku-5-5', 'disabled', true, true],
    ['claude-fable-5', null, true, false],
    ['claude-fable-5-1', null, false, false],
    ['claude-mythos-5-2', null, false, false],
  ])(
    'knows how %s is told not to think, whether it can be forced to call a tool, and its most effort without thinking',
    (id, off, forced, capped) => {
      const { thinkingOff, refuses } = model(`anthropic/${id}`).accepts
      expect(thinkingOff).toBe(off)
      expect(!refuses.includes('forced_tool_choice')).toBe(forced)
      expect(refuses.includes('xhigh_without_thinking')).toBe(capped)
    },
  )

  it('knows how each Gemini thinks', () => {
    expect(model('google/gemini-2.5-flash').accepts).toMatchObject({ thinking: 'budget', efforts: [] })
    expect(model('google/gemini-2.5-pro').accepts).toMatchObject({ thinking: 'budget', efforts: ['low', 'medium', 'high'] })
    expect(model('google/gemini-4-argon').accepts).toMatchObject({ thinking: 'effort', efforts: ['low', 'medium', 'high'] })
    expect(model('google/gemini-3.8-flash').accepts).toMatchObject({ thinking: 'effort', efforts: ['minimal', 'low', 'medium', 'high'] })
  })

  it('reaches models that need the Responses API through it, and others in the client’s own format', () => {
    expect(model('openai/gpt-5.6-sol')).toMatchObject({ wire: 'openai-responses', wires: ['openai-responses'] })
    expect(model('openai/gpt-5.3-codex').wire).toBe('openai-responses')
    expect(model('openai/gpt-5.4-pro').wires).toEqual(['openai-responses'])
    // It refuses tools together with an effort in chat, which every agent sends.
    expect(model('openai/gpt-5.4-mini')).toMatchObject({ wire: 'openai-responses', wires: ['openai-responses', 'openai-chat'] })
    expect(model('openai/gpt-5.4-mini').accepts.refuses).toContain('tools_in_chat')
    expect(model('openrouter/openai/gpt-5.4-mini').accepts.refuses).not.toContain('tools_in_chat')
    expect(model('openai/gpt-5-2025-08-07')).toMatchObject({ wire: 'openai-chat', wires: ['openai-chat', 'openai-responses'] })
    expect(model('openrouter/openai/gpt-6-luna').wire).toBe('openai-chat')
  })

  it('offers only what model and provider can do', () => {
    expect(model('deepseek/deepseek-v4-pro').accepts.needs).not.toEqual(expect.arrayContaining(['vision']))
    expect(model('deepseek/deepseek-v4-pro').accepts.needs).not.toContain('json-schema')
    expect(model('openai/gpt-4o').accepts.needs).toEqual(
      expect.arrayContaining(['vision', 'tools', 'json-schema', 'logprobs', 'hosted-tools']),
    )
    expect(model('lmstudio/llama-3.1-8b').accepts.needs).not.toContain('vision')
    expect(model('openai/gpt-4o', { accepts: { needs: ['json'] } }).accepts).toMatchObject({ needs: ['json'], maxOutput: 16_384 })
  })

  it('has batch and flex rates where the provider sells them', () => {
    expect(model('anthropic/claude-sonnet-5').batchRates?.input).toBe(1e6)
    expect(model('anthropic/claude-sonnet-5').flexRates).toBeNull()
    expect(model('openai/gpt-5-mini').flexRates?.output).toBe(1e6)
    expect(model('openai/gpt-4o').flexRates).toBeNull()
    expect(model('xai/grok-4.6').batchRates).toBeNull()
  })
})

describe('a revision', () => {
  it('is frozen plain data whose hash is that of its content', () => {
    const rev = model('openai/gpt-5-mini')
    expect(() => Object.assign(rev.accepts, { thinking: 'none' })).toThrow()
    const copy = JSON.parse(JSON.stringify(rev)) as ModelRev
    expect(copy).toEqual(rev)
    expect(recordHash(copy)).toBe(recordHash(rev))
    expect(recordHash({ ...copy, contextWindow: 1 })).not.toBe(recordHash(rev))
  })

  it('is whole for each simulated model, and says that it is simulated', () => {
    const models = sandboxModels()
    expect(models.filter((m) => m.kind === 'chat').length).toBeGreaterThanOrEqual(4)
    for (const rev of models) expect(rev).toMatchObject({ provider: 'sandbox', simulated: true, abilityBasis: 'configured' })
  })
})

describe('the facts', () => {
  it('name a public source for every row', () => {
    for (const row of MODEL_FACTS) for (const key of row.src.split(' ')) expect(SOURCES[key], `${row.id}: ${key}`).toBeDefined()
    expect(JSON.stringify([MODEL_FACTS, SOURCES])).not.toMatch(/read_file|\/work\//)
  })

  it('hold seven abilities a row, in the order of the groups', () => {
    for (const row of MODEL_FACTS) expect(row.ability, row.id).toHaveLength(7)
    expect(new Set(MODEL_FACTS.map((row) => row.id)).size).toBe(MODEL_FACTS.length)
  })
})
