import { pbkdf2 } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPrices, type PriceBook } from '../../src/catalog/index.js'
import { containsRange, isEmptyRange } from '../../src/config/check-rules.js'
import {
  checkConfig,
  profileSettings,
  type RouterConfig,
  resolvePolicies,
  resolvePool,
  unsetSecrets,
  validateConfig,
  watchConfig,
} from '../../src/config/index.js'
import { inRange } from '../../src/policy/match-rule.js'
import { configReference } from './config-reference.js'

async function findings(
  written: RouterConfig,
  { env = { OPENAI_API_KEY: 'k' }, prices = null }: { env?: Record<string, string>; prices?: PriceBook | null } = {},
): Promise<readonly string[]> {
  const config = validateConfig(written, null)
  const loaded = { config, path: '/project/router.config.ts', folder: mkdtempSync(join(tmpdir(), 'llmroute-check-')) }
  const pool = await resolvePool(loaded, env, { listModels: async () => null, runCommand: async () => '', prices: async () => prices })
  const policies = resolvePolicies(
    config,
    pool.models.map((model) => model.id),
  )
  return checkConfig({ config, pool, policies }).map(({ path, text }) => `${path}: ${text}`)
}

const PRICED = { price: { input: 1, output: 2 } }
const MODELS = [
  { id: 'openai/a', ...PRICED },
  { id: 'openai/b', ...PRICED },
]

describe('a check of the configuration', () => {
  it('finds nothing wrong with a sound one', async () => {
    expect(
      await findings({
        models: MODELS,
        rules: [{ when: { task: 'code' }, use: 'openai/b' }],
        aliases: { 'gpt-4o': 'auto', x: 'auto:code', y: 'openai/a', z: 'a' },
      }),
    ).toEqual([])
  })

  it('says that nothing can be saved against a baseline without a price', async () => {
    expect(await findings({ models: MODELS, baseline: 'openai/none' })).toEqual([
      'baseline: The price of openai/none is not known, so savings against it cannot be told.',
    ])
  })

  it('says that models are not used while the sandbox is on', async () => {
    expect(await findings({ models: MODELS, sandbox: true })).toEqual([
      'models: None of them is used while `sandbox` is on, since every answer is simulated: turn it off to use them.',
    ])
    expect(await findings({ models: MODELS, sandbox: 'when-no-keys' })).toEqual([])
  })

  it('names a file of examples that is not there', async () => {
    expect(await findings({ models: MODELS, classifier: { examples: '/nowhere/examples.jsonl' } })).toEqual([
      'classifier: There is no file of examples /nowhere/examples.jsonl: `llmroute examples add` makes it.',
    ])
  })

  it('guesses what a misspelt model was meant to be', async () => {
    expect(await findings({ models: [...MODELS, 'openai/gpt5-mini'] }, { prices: await openPrices('2026-11-01') })).toEqual([
      `models: openai/gpt5-mini is unpriced: give its price, else its calls cost "unknown". Did you mean 'openai/gpt-5-mini'?`,
    ])
  })

  it('names missing keys, unpriced models and names that mean nothing', async () => {
    const found = await findings({
      models: [...MODELS, 'openai/c', 'mistral/m'],
      rules: [{ when: { side: true }, use: 'openai/bb' }],
      aliases: { y: 'z', z: 'auto:cod' },
      profiles: { green: { weights: { cost: 0, quality: 1, latency: 0, carbon: 1 } } },
      server: { host: '0.0.0.0' },
    })
    expect(found).toEqual([
      'models: mistral/m is left out: set MISTRAL_API_KEY to use it.',
      'models: openai/c is unpriced: give its price, else its calls cost "unknown".',
      "rules[0].use: 'openai/bb' is not in the pool. Did you mean 'openai/b'?",
      "aliases.y: 'z' is neither a model of the pool nor a virtual model. Did you mean 'mistral/m'?",
      "aliases.z: 'auto:cod' is neither a model of the pool nor a virtual model. Did you mean 'auto:code'?",
      'profiles.green.weights.carbon: Carbon is not known for openai/a, openai/b, openai/c: set models[].carbon to weigh it.',
      'server.host: 0.0.0.0 can be reached by others: set server.key.',
    ])
  })

  it('names the variables without which no server starts', () => {
    const config = validateConfig({ server: { key: 'env:HERE' }, tunnel: { command: ['x'], token: 'env:GONE' } }, null)
    expect(unsetSecrets(config, { HERE: 'k' })).toEqual([
      { path: 'tunnel.token', text: 'GONE is not set, and without it the server does not start.' },
    ])
    expect(unsetSecrets(validateConfig({}, null), {})).toEqual([])
  })

  it('names models and profiles that are not there wherever they are named', async () => {
    const experiment = { name: 'e', arms: [{ model: 'openai/x', share: 0.5 }] }
    const cascade = { judge: { model: 'openai/x', maxUsdPerCall: 1 } }
    const found = await findings({
      models: MODELS,
      profiles: { p: { models: ['openai/x'], experiment, cascade, shadow: { model: 'openai/x', maxUsdPerDay: 1 } } },
      budgets: [
        { scope: 'profile:p', limit: 5 },
        { scope: 'profile:supprt', limit: 5 },
        { scope: 'total', limit: 5, action: 'warn' },
      ],
    })
    const paths = ['models', 'experiment.arms[0].model', 'cascade.judge.model', 'shadow.model']
    expect(found).toEqual([
      ...paths.map((path) => expect.stringMatching(`^profiles.p.${path.replace(/[[\]]/g, '\\$&')}: 'openai/x' is not in the pool.`)),
      "budgets[1].scope: There is no profile 'supprt'. Did you mean 'support'?",
      expect.stringMatching(/^budgets\[2\]\.action: Nothing is counted against it: give profiles a `budget` with/),
    ])
  })

  it.each([
    [[{ tools: { gt: 5, lt: 6 } }], 'rule 1 can never decide: no value of tools meets {"gt":5,"lt":6}'],
    [[{ difficulty: { gt: 1 } }], 'rule 1 can never decide: no value of difficulty'],
    [[{ turn: { lt: 1 } }], 'rule 1 can never decide: no value of turn'],
    [[{ hours: '9-9' }], "rule 1 can never decide: '9-9' is no time at all"],
    [[{ tools: 0, toolNames: 'Bash' }], 'rule 1 can never decide: it asks for named tools and for no tools at once'],
    [[{}, { task: 'code' }], 'rule 2 can never decide: rule 1 already takes every call it would take'],
    [[{ task: ['code', 'debugging'] }, { task: 'code', tools: { gt: 5 } }], 'rule 2 can never decide: rule 1 already'],
    [[{ inputTokens: { gt: 1000 } }, { inputTokens: { gte: 2000, lt: 3000 } }], 'rule 2 can never decide'],
    [[{ toolNames: 'mcp__*' }, { toolNames: ['mcp__git', 'mcp__web*'] }], 'rule 2 can never decide'],
    [[{ deadline: '1h' }, { deadline: '24h' }], 'rule 2 can never decide'],
    [[{ hours: '20-8' }, { hours: '22-6' }], 'rule 2 can never decide'],
  ] as const)('reports rules that can never match: %j', async (whens, words) => {
    const found = await findings({
      models: MODELS,
      rules: whens.map((when) => ({ when, use: 'openai/b' })) as unknown as NonNullable<RouterConfig['rules']>,
    })
    expect(found.join('\n')).toContain(words)
    expect(found).toHaveLength(1)
  })

  it.each([
    [[{ task: 'code' }, {}]],
    [[{ task: 'code', tools: 1 }, { task: 'code' }]],
    [[{ inputTokens: { gt: 1000 } }, { inputTokens: { gte: 1000 } }]],
    [[{ deadline: '24h' }, { deadline: '1h' }]],
    [[{ tools: 0, needs: ['tools', 'vision'] }]],
    [[{ hours: '22-6' }, { hours: '9-17' }]],
    [[{ hours: '9-17' }, { hours: '8-17' }]],
  ] as const)('says nothing of rules that can: %j', async (whens) => {
    expect(
      await findings({
        models: MODELS,
        rules: whens.map((when) => ({ when, use: 'openai/b' })) as unknown as NonNullable<RouterConfig['rules']>,
      }),
    ).toEqual([])
  })
})

describe('ranges', () => {
  const bound = fc.option(fc.integer({ min: -3, max: 12 }), { nil: undefined })
  const range = fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc
      .record({ gt: bound, gte: bound, lt: bound, lte: bound })
      .map((r) => Object.fromEntries(Object.entries(r).filter(([, value]) => value !== undefined))),
  )
  const numbers = Array.from({ length: 40 }, (_, i) => i - 10)

  it('are empty only where no whole number meets them', () => {
    fc.assert(
      fc.property(range, (r) => {
        expect(isEmptyRange(r, { least: 0, most: 9, whole: true })).toBe(!numbers.some((n) => n >= 0 && n <= 9 && inRange(n, r)))
      }),
    )
  })

  it('contain another only where every number of it meets them', () => {
    fc.assert(
      fc.property(range, range, (outer, inner) => {
        if (!containsRange(outer, inner)) return
        for (const n of numbers) if (inRange(n, inner)) expect(inRange(n, outer)).toBe(true)
      }),
    )
  })
})

describe('settings of profiles', () => {
  it('are inherited like everything else', () => {
    const config = validateConfig({ profiles: { night: { deadline: '24h' }, data: { extends: 'night', expired: 'report' } } }, null)
    const settings = profileSettings(config)
    expect(settings.data).toEqual({ deadlineMs: 86_400_000, expired: 'report' })
    expect(settings.balanced).toEqual({ deadlineMs: null, expired: 'live' })
  })
})

describe('the reference', () => {
  it('names every setting with its default', () => {
    const text = configReference()
    for (const line of [
      '| `server.port` | integer | `4141` |',
      '| `ledger.bodies` | `all`, `none` | `"all"` |',
      '| `rules[].when.tools` |',
      '| `profiles.NAME.minQuality` |',
    ])
      expect(text).toContain(line)
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .every((line) => line.endsWith('. |') || line.endsWith('|  |')),
    ).toBe(true)
  })
})

describe('watching a configuration', () => {
  it('says each change of the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmroute-watch-'))
    const path = join(folder, 'router.config.json')
    writeFileSync(path, '{ "default": "fast" }')
    const seen: string[] = []
    let wake = (): void => {}
    // Node's threads are busy: what is read by them is read after the first change.
    for (let i = 0; i < 8; i++) pbkdf2('a', 'b', 100_000, 64, 'sha512', () => {})
    const stop = watchConfig(path, () => {
      seen.push(readFileSync(path, 'utf8'))
      wake()
    })
    const change = async (text: string): Promise<void> => {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      writeFileSync(path, text)
      await woken
    }
    await change('{ "default": 5 }')
    await change('{ "default": "quality" }')
    stop()
    expect(seen).toEqual(['{ "default": 5 }', '{ "default": "quality" }'])
  })
})
