import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type LoadedConfig,
  type PoolPorts,
  type RouterConfig,
  resolvePolicies,
  resolvePool,
  systemPorts,
  validateConfig,
} from '../../src/config/index.js'
import { needsShell } from '../../src/config/pool-ports.js'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'llmroute-pool-'))
const empty = newFolder()

function loaded(config: RouterConfig, path: string | null = '/project/router.config.ts', folder = empty): LoadedConfig {
  return { config: validateConfig(config, path), path, folder }
}

function ports(local: Readonly<Record<string, readonly string[]>> = {}): PoolPorts & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    listModels: async (baseURL) => {
      asked.push(baseURL)
      return local[baseURL] ?? null
    },
    runCommand: async ([program]) => `secret-of-${program}\n`,
    prices: async () => null,
  }
}

const OLLAMA = 'http://127.0.0.1:11434/v1'

describe('the sandbox rule', () => {
  it('plays simulated models when there is neither key nor file, after looking for local servers', async () => {
    const p = ports()
    const pool = await resolvePool(loaded({}, null), {}, p)
    expect(pool.sandbox).toBe(true)
    expect(pool.models.every((model) => model.simulated)).toBe(true)
    expect(p.asked).toEqual([OLLAMA, 'http://127.0.0.1:1234/v1'])
  })

  it('prefers a local server to simulated models', async () => {
    const pool = await resolvePool(loaded({}, null), {}, ports({ [OLLAMA]: ['qwen3:8b'] }))
    expect(pool.sandbox).toBe(false)
    expect(pool.models.map((model) => model.id)).toEqual(['ollama/qwen3:8b'])
    expect(pool.models[0]?.rates?.output).toBe(0)
    expect(pool.providers.ollama).toMatchObject({ baseURL: OLLAMA, auth: 'none', simulated: false })
  })

  it('applies to a file only when it says so', async () => {
    expect((await resolvePool(loaded({ sandbox: 'when-no-keys' }), {}, ports())).sandbox).toBe(true)
    expect((await resolvePool(loaded({ sandbox: { speed: 1 } }), {}, ports())).sandbox).toBe(true)
    await expect(resolvePool(loaded({}), {}, ports())).rejects.toThrow(/ANTHROPIC_API_KEY.*OPENROUTER_API_KEY/s)
  })

  it('never answers for a service whose key is missing', async () => {
    const config = loaded({ providers: { openai: {}, lab: { baseURL: 'http://127.0.0.1:9100', apiKey: 'env:LAB_KEY' } } })
    await expect(resolvePool(config, {}, ports({ [OLLAMA]: ['qwen3:8b'] }))).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: 'no provider can be used with /project/router.config.ts: set OPENAI_API_KEY (openai), LAB_KEY (lab)',
    })
  })

  it('names only what is missing: a server that needs no key may have no model', async () => {
    const keyless = { baseURL: 'http://127.0.0.1:9100/v1' }
    await expect(resolvePool(loaded({ providers: { lab: keyless }, models: ['openai/gpt-5-mini'] }), {}, ports())).rejects.toMatchObject({
      message: 'no provider can be used with /project/router.config.ts: set OPENAI_API_KEY (openai)',
    })
    await expect(resolvePool(loaded({ providers: { ollama: {} } }), {}, ports())).rejects.toMatchObject({
      message: 'no provider can be used with /project/router.config.ts: ollama has no chat model',
      hint: expect.stringMatching(/^List chat models under `models`, and start/),
    })
  })

  it('is left for real models as soon as there is a key, unless asked for by name', async () => {
    const env = { ANTHROPIC_API_KEY: 'sk-ant-1' }
    expect((await resolvePool(loaded({ sandbox: 'when-no-keys' }), env, ports())).sandbox).toBe(false)
    expect((await resolvePool(loaded({ sandbox: true }), env, ports())).sandbox).toBe(true)
  })

  it('offers at least four simulated chat models over a wide price range, with the declared speed', async () => {
    const chat = (await resolvePool(loaded({ sandbox: { enabled: true, speed: 1 } }), {}, ports())).models.filter(
      (model) => model.kind === 'chat',
    )
    const prices = chat.map((model) => model.rates?.output ?? 0)
    expect(chat.length).toBeGreaterThanOrEqual(4)
    expect(Math.max(...prices) / Math.min(...prices)).toBeGreaterThanOrEqual(100)
    expect(new Set(chat.map((model) => model.speed.tokensPerSecond)).size).toBe(chat.length)
    const fast = (await resolvePool(loaded({ sandbox: true }), {}, ports())).models
    expect(fast[0]?.speed.ttftMs).toBe((chat[0]?.speed.ttftMs ?? 0) / 20)
  })
})

describe('a provider under a name of its own', () => {
  it('at the host of a known one is that service, with its formats where the address is the same', async () => {
    const settings = (baseURL: string) => ({ baseURL, apiKey: 'k' })
    const providers = {
      ds: settings('https://api.deepseek.com/beta'),
      work: settings('https://api.openai.com/v1/'),
      claude: settings('https://api.anthropic.com'),
      compat: settings('https://generativelanguage.googleapis.com/v1beta/openai'),
    }
    const models = ['ds/deepseek-v4-flash', 'work/gpt-6-sol', 'claude/claude-sonnet-5', 'compat/gemini-3.8-flash']
    const pool = await resolvePool(loaded({ providers, models }), {}, systemPorts)
    const [ds, work, claude, compat] = pool.models
    expect(ds!.accepts).toMatchObject({ thinkingSwitch: true, needs: expect.not.arrayContaining(['json-schema']) })
    expect(work).toMatchObject({ wires: ['openai-responses'], account: 'work' })
    expect(claude!.wire).toBe('anthropic-messages')
    expect(compat!.wires).toEqual(['openai-chat'])
    expect(pool.models.filter(({ rates }) => rates === null)).toEqual([])
  })

  it('may call its deployments what it likes, if the id says which model it is', async () => {
    const providers = { azure: { baseURL: 'https://r.openai.azure.com/openai/v1', apiKey: 'k', pricesOf: 'openai' } }
    const models = [
      { id: 'azure/gpt-5-mini', name: 'our-small-one' },
      { id: 'azure/other', name: 'gpt-5-mini' },
    ]
    const [named, other] = (await resolvePool(loaded({ providers, models }), {}, systemPorts)).models
    expect(named).toMatchObject({ name: 'our-small-one', accepts: { maxTokensField: 'max_completion_tokens' } })
    expect(named).toMatchObject({ rates: other!.rates, accepts: other!.accepts, ability: other!.ability, abilityBasis: 'measured' })
  })
})

describe('credentials', () => {
  it('come from the environment, a command, a literal or keys.env, and never stand in a revision', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'keys.env'), '# keys\nexport MISTRAL_API_KEY="sk-mistral"\nOPENAI_API_KEY=from-file\n', { mode: 0o600 })
    const pool = await resolvePool(
      loaded(
        {
          providers: {
            openai: {},
            mistral: {},
            anthropic: { apiKey: { command: ['pass', 'show', 'anthropic'] } },
            lab: { baseURL: 'http://127.0.0.1:9100/', wire: 'anthropic-messages', apiKey: 'literal-key' },
          },
          models: ['openai/gpt-5-mini', 'mistral/mistral-small-2603', 'anthropic/claude-sonnet-4-5', 'lab/m1'],
        },
        '/project/router.config.ts',
        folder,
      ),
      { OPENAI_API_KEY: 'from-env', MISTRAL_API_KEY: '' },
      ports(),
    )
    const keys = Object.fromEntries(
      Object.entries(pool.providers).map(([id, provider]) => [id, [provider.credential(), provider.credentialSource]]),
    )
    expect(keys).toEqual({
      openai: ['from-env', 'OPENAI_API_KEY'],
      mistral: ['sk-mistral', 'MISTRAL_API_KEY'],
      anthropic: ['secret-of-pass', 'command pass'],
      lab: ['literal-key', 'configuration'],
    })
    expect(pool.providers.lab).toMatchObject({ baseURL: 'http://127.0.0.1:9100', wires: ['anthropic-messages'] })
    expect(JSON.stringify(pool)).not.toMatch(/from-env|sk-mistral|secret-of-pass|literal-key/)
  })

  it('that are missing leave their models out and say so', async () => {
    const pool = await resolvePool(
      loaded({ models: ['openai/gpt-5-mini', 'anthropic/claude-sonnet-4-5'] }),
      { ANTHROPIC_API_KEY: 'k' },
      ports(),
    )
    expect(pool.models.map((model) => model.id)).toEqual(['anthropic/claude-sonnet-4-5'])
    expect(pool.missing).toEqual([{ id: 'openai/gpt-5-mini', provider: 'openai', variables: ['OPENAI_API_KEY'] }])
  })

  it('are not asked for with passthrough, nor for a server that nobody gave a key for', async () => {
    const pool = await resolvePool(
      loaded({
        providers: { anthropic: { auth: 'passthrough' }, lab: { baseURL: 'http://127.0.0.1:9100/v1' } },
        models: ['anthropic/claude-sonnet-5', 'lab/m1'],
      }),
      {},
      ports(),
    )
    expect(Object.values(pool.providers).map((provider) => provider.auth)).toEqual(['passthrough', 'none'])
  })

  it('need a base URL for a provider that is not known', async () => {
    await expect(resolvePool(loaded({ models: ['x-ai/grok-4.6'] }), {}, ports())).rejects.toMatchObject({ hint: "Did you mean 'xai'?" })
    await expect(resolvePool(loaded({ models: ['nobody/m1'] }), {}, ports())).rejects.toMatchObject({ param: 'providers.nobody.baseURL' })
  })
})

describe('the models that classify', () => {
  const models = ['openai/gpt-5-mini', 'openai/text-embedding-3-small', 'mistral/m1']
  const resolve = (classifier: RouterConfig['classifier'], more: RouterConfig = {}) =>
    resolvePool(loaded({ models, classifier: classifier ?? {}, ...more }), { OPENAI_API_KEY: 'k' }, ports())

  it.each([
    [{ llm: { model: 'openai/none' } }, 'classifier.llm.model', 'chat'],
    [{ llm: { model: 'mistral/m1' } }, 'classifier.llm.model', 'chat'],
    [{ embeddings: { model: 'openai/gpt-5-mini' } }, 'classifier.embeddings.model', 'embedding'],
  ] as const)('must be there to be asked: %j', async (classifier, param, kind) => {
    await expect(resolve(classifier)).rejects.toMatchObject({
      code: 'E_CONFIG',
      param,
      message: expect.stringMatching(new RegExp(`^${param}: found .* expected a model of the pool whose kind is ${kind}$`)),
    })
  })

  it('may be there, or be played with all others', async () => {
    await resolve({ llm: { model: 'openai/gpt-5-mini' }, embeddings: { model: 'openai/text-embedding-3-small' } })
    expect((await resolve({ llm: { model: 'openai/none' } }, { sandbox: true })).sandbox).toBe(true)
  })
})

describe('the pool', () => {
  it('keeps a configured baseline outside the pool as a reference', async () => {
    const pool = await resolvePool(
      loaded({ models: ['openai/gpt-5-mini'], baseline: 'anthropic/claude-opus-4-5' }),
      { OPENAI_API_KEY: 'k' },
      ports(),
    )
    expect(pool.references.map((model) => model.id)).toEqual(['anthropic/claude-opus-4-5'])
    expect(Object.keys(pool.providers)).toEqual(['openai'])
  })

  it('lists the models of a local server that is configured without any', async () => {
    const pool = await resolvePool(loaded({ providers: { ollama: {} } }), {}, ports({ [OLLAMA]: ['qwen3:8b', 'llama3.2:3b'] }))
    expect(pool.models.map((model) => model.name)).toEqual(['qwen3:8b', 'llama3.2:3b'])
  })

  it('takes what the user says of a model', async () => {
    const pool = await resolvePool(
      loaded({
        providers: { lab: { baseURL: 'http://127.0.0.1:9100' } },
        models: [
          {
            id: 'lab/m1',
            name: 'name-sent-upstream',
            price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
            contextWindow: 200_000,
            quality: { code: 0.9, debugging: 0.7, math: 0.5 },
            limits: { rpm: 60 },
          },
        ],
      }),
      {},
      ports(),
    )
    const [model] = pool.models
    expect(model).toMatchObject({
      name: 'name-sent-upstream',
      contextWindow: 200_000,
      abilityBasis: 'configured',
      limits: { rpm: 60, tpm: null },
    })
    expect(model?.rates).toMatchObject({ input: 3e6, output: 15e6, cacheRead: 3e5, cacheWrite5m: 3.75e6 })
    expect(model?.ability.coding.mean).toBeCloseTo(Math.log(0.8 / 0.2), 6)
    expect(model?.ability.math.mean).toBe(0)
    expect(Object.isFrozen(model?.rates)).toBe(true)
  })
})

describe('policies', () => {
  const policies = (config: RouterConfig) => resolvePolicies(validateConfig(config, null), ['a/x', 'b/y'])

  it('has every preset and workload ready, with the published weights', () => {
    const all = policies({})
    expect(Object.keys(all).sort()).toEqual(['balanced', 'chat', 'code', 'content', 'data', 'economy', 'fast', 'max', 'quality', 'support'])
    expect(all.support?.strategy).toEqual({ kind: 'weights', weights: { cost: 0.55, quality: 0.25, latency: 0.2 } })
    expect(all.economy?.floor).toBe(0.75)
    expect(all.balanced?.pool).toEqual(['a/x', 'b/y'])
  })

  it('lays a profile over what it extends', () => {
    const all = policies({
      baseline: 'b/y',
      rules: [{ when: { side: true }, use: 'a/x' }],
      profiles: {
        support: { weights: { cost: 1, quality: 0, latency: 0 } },
        code: { strategy: 'cheapest', minQuality: 0.8, rules: [{ when: { tools: { gt: 5 } }, use: 'profile:strong' }] },
        strong: { extends: 'quality', fallbacks: 0, timeouts: { total: '2m' }, models: ['b/y'] },
        stronger: { extends: 'strong', strategy: 'best' },
      },
    })
    expect(all.support).toMatchObject({ floor: 0.75, baseline: 'b/y' })
    expect(all.code?.strategy).toEqual({ kind: 'cheapest', minQuality: 0.8 })
    expect(all.code?.floor).toBe(0)
    expect(all.code?.rules.map((rule) => rule.use)).toEqual(['profile:strong', 'a/x'])
    expect(all.code?.profiles).toEqual({ strong: { strategy: all.quality?.strategy, floor: 0.96, models: ['b/y'] } })
    expect(all.stronger).toMatchObject({ strategy: { kind: 'best' }, chainLength: 1, pool: ['b/y'] })
    expect(all.stronger?.timeouts.totalMs).toBe(120_000)
  })

  it('take what happens at the end of a budget from the strictest that applies, unless they say it', () => {
    const all = policies({
      budgets: [
        { scope: 'total', limit: '5/day' },
        { scope: 'session', limit: 1, action: 'downgrade' },
        { scope: 'profile:code', limit: 1, action: 'block' },
        { scope: 'key:ci', limit: 1, action: 'warn' },
      ],
      profiles: { mild: { budget: 1, budgetAction: 'warn' } },
    })
    const actions = Object.fromEntries(Object.entries(all).map(([name, { limits }]) => [name, limits.budgetAction]))
    expect(actions).toMatchObject({ balanced: 'downgrade', code: 'block', mild: 'warn' })
    expect(policies({}).balanced?.limits.budgetAction).toBe('clamp')
  })

  it('speaks of models by the names of the pool', () => {
    const config = validateConfig(
      { baseline: 'a/x.1', rules: [{ when: {}, use: ['A/X-1', 'profile:fast'] }], profiles: { p: { models: ['a/x-1'] } } },
      null,
    )
    const all = resolvePolicies(config, ['a/x-1', 'b/y'])
    expect(all.balanced).toMatchObject({ baseline: 'a/x-1', rules: [{ use: ['a/x-1', 'profile:fast'] }] })
    expect(all.p?.pool).toEqual(['a/x-1'])
  })

  it('let simulated models stand in for those that are named', () => {
    const config = validateConfig({ baseline: 'a/x', profiles: { p: { models: ['a/x'] } } }, null)
    expect(resolvePolicies(config, ['sandbox/tiny', 'sandbox/large']).p).toMatchObject({
      baseline: null,
      pool: ['sandbox/tiny', 'sandbox/large'],
    })
  })

  it('refuses a profile that is not there, and circles', () => {
    expect(() => policies({ default: 'nope' })).toThrow(/default: found 'nope', expected a profile/)
    expect(() => policies({ profiles: { a: { extends: 'b' }, b: { extends: 'a' } } })).toThrow(/circle/)
    expect(() => policies({ profiles: { a: { rules: [{ when: {}, use: 'profile:zzz' }] } } })).toThrow(/'zzz'/)
  })
})

it('batch files are run by the shell of Windows, other programs directly', () => {
  expect(['gcloud.cmd', 'C:\\Tools\\KEY.BAT', 'op', 'op.exe'].map((program) => needsShell(program, 'win32'))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(needsShell('key.cmd', 'linux')).toBe(false)
})
