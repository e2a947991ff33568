import type { Accepts } from '../canonical/index.js'
import { ratesFromPrice } from './rates.js'
import { deepFreeze } from './revision.js'
import { ABILITY_GROUPS, type Ability, type AbilityGroup, type ModelRev } from './types.js'

/** How many times faster than a real model a simulated one answers unless configured otherwise. */
export const SANDBOX_SPEED = 20

/**
 * Simulated models, from a careless cheap one to a slow expensive one. Prices and speeds are typical of real models of each tier in 2026.
 * `ability` is the mean in logits, `bias` is added for single groups.
 */
interface SandboxRow {
  readonly name: string
  readonly input: number
  readonly output: number
  readonly ttftMs: number
  readonly tokensPerSecond: number
  readonly ability: number
  readonly bias?: Partial<Record<AbilityGroup, number>>
  readonly verbosity: number
  readonly window: number
  readonly maxOutput: number
  readonly reasoning?: boolean
}

const ROWS: readonly SandboxRow[] = [
  {
    name: 'tiny',
    input: 0.05,
    output: 0.2,
    ttftMs: 250,
    tokensPerSecond: 220,
    ability: 0.5,
    bias: { coding: -0.5, math: -0.7, tools: -0.4 },
    verbosity: 0.7,
    window: 65_536,
    maxOutput: 8192,
  },
  {
    name: 'small',
    input: 0.25,
    output: 1,
    ttftMs: 400,
    tokensPerSecond: 160,
    ability: 1.2,
    bias: { math: -0.4, tools: -0.2 },
    verbosity: 0.9,
    window: 128_000,
    maxOutput: 16_384,
  },
  {
    name: 'writer',
    input: 0.8,
    output: 4,
    ttftMs: 550,
    tokensPerSecond: 95,
    ability: 1.6,
    bias: { writing: 0.7, chat: 0.3, coding: -0.3 },
    verbosity: 1.3,
    window: 200_000,
    maxOutput: 32_768,
  },
  {
    name: 'large',
    input: 3,
    output: 15,
    ttftMs: 900,
    tokensPerSecond: 70,
    ability: 2.3,
    bias: { coding: 0.2, tools: 0.2 },
    verbosity: 1,
    window: 400_000,
    maxOutput: 65_536,
  },
  {
    name: 'thinker',
    input: 10,
    output: 40,
    ttftMs: 3500,
    tokensPerSecond: 60,
    ability: 2.8,
    bias: { math: 0.5 },
    verbosity: 2,
    window: 400_000,
    maxOutput: 131_072,
    reasoning: true,
  },
]

function accepts(row: SandboxRow): Accepts {
  return {
    needs: [
      'tools',
      'parallel-tools',
      'vision',
      'file-input',
      'json',
      'json-schema',
      'n',
      ...(row.reasoning ? ['reasoning-replay' as const] : []),
    ],
    refuses: [],
    maxTokensField: 'max_completion_tokens',
    developerRole: true,
    efforts: row.reasoning ? ['low', 'medium', 'high'] : [],
    thinking: row.reasoning ? 'effort' : 'none',
    maxOutput: row.maxOutput,
  }
}

function abilities(row: Pick<SandboxRow, 'ability' | 'bias'>): Readonly<Record<AbilityGroup, Ability>> {
  const entries = ABILITY_GROUPS.map((group) => [group, { mean: row.ability + (row.bias?.[group] ?? 0), se: 0.3 }] as const)
  return Object.fromEntries(entries) as Record<AbilityGroup, Ability>
}

function revision(row: SandboxRow, kind: ModelRev['kind'], speed: number): ModelRev {
  return deepFreeze({
    id: `sandbox/${row.name}`,
    provider: 'sandbox',
    account: 'sandbox',
    name: row.name,
    wire: 'openai-chat',
    wires: ['openai-chat'],
    kind,
    rates: ratesFromPrice({ input: row.input, output: row.output, cacheRead: row.input / 10 }),
    batchRates: ratesFromPrice({ input: row.input / 2, output: row.output / 2, cacheRead: row.input / 20 }),
    flexRates: null,
    contextWindow: row.window,
    maxOutput: row.maxOutput,
    accepts: accepts(row),
    cache: { mode: 'automatic', minTokens: 1024, stepTokens: 128, ttlMs: 300_000 },
    ability: abilities(row),
    abilityBasis: 'configured',
    tokenizerRatio: 1,
    speed: { ttftMs: row.ttftMs / speed, tokensPerSecond: row.tokensPerSecond * speed },
    verbosity: row.verbosity,
    reasoning: row.reasoning ?? false,
    carbon: null,
    limits: { rpm: null, tpm: null },
    simulated: true,
  } as const)
}

const EMBEDDING: SandboxRow = {
  name: 'embed',
  input: 0.02,
  output: 0,
  ttftMs: 100,
  tokensPerSecond: 1000,
  ability: 1,
  verbosity: 1,
  window: 8192,
  maxOutput: 1,
}

/**
 * The simulated pool. `speed` scales the declared speeds, so that the predicted time is the elapsed time; the sandbox provider plays the
 * declared speed unchanged.
 */
export function sandboxModels(speed: number = SANDBOX_SPEED): readonly ModelRev[] {
  return [...ROWS.map((row) => revision(row, 'chat', speed)), revision(EMBEDDING, 'embedding', speed)]
}
