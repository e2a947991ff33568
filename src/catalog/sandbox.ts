import type { Accepts } from '../canonical/index.js'
import { deepFreeze } from './deep-freeze.js'
import { ratesFromPrice } from './rates.js'
import { ABILITY_GROUPS, type Ability, type AbilityGroup, type ModelRev } from './types.js'

/** How many times faster than a real model a simulated one answers unless configured otherwise. */
export const SANDBOX_SPEED = 20

/** Prices in USD per million tokens, ability in logits (the mean of all groups before the bias), window and limit in tokens. */
type Row = readonly [
  name: string,
  input: number,
  output: number,
  ttftMs: number,
  tokensPerSecond: number,
  ability: number,
  verbosity: number,
  window: number,
  maxOutput: number,
]

/** Simulated models, from a careless cheap one to a slow expensive one. Prices and speeds are typical of real models of each tier in 2026. */
const ROWS: readonly Row[] = [
  ['tiny', 0.05, 0.2, 250, 220, 0.5, 0.7, 65_536, 8192],
  ['small', 0.25, 1, 400, 160, 1.2, 0.9, 128_000, 16_384],
  ['writer', 0.8, 4, 550, 95, 1.6, 1.3, 200_000, 32_768],
  ['large', 3, 15, 900, 70, 2.3, 1, 400_000, 65_536],
  ['thinker', 10, 40, 3500, 60, 2.8, 2, 400_000, 131_072],
  ['embed', 0.02, 0, 100, 1000, 1, 1, 8192, 1],
]
/** What single groups have more or less. */
const BIAS: Readonly<Record<string, Partial<Record<AbilityGroup, number>>>> = {
  tiny: { coding: -0.5, math: -0.7, tools: -0.4 },
  small: { math: -0.4, tools: -0.2 },
  writer: { writing: 0.7, chat: 0.3, coding: -0.3 },
  large: { coding: 0.2, tools: 0.2 },
  thinker: { math: 0.5 },
}
const OFFERS: Accepts['needs'] = ['tools', 'parallel-tools', 'vision', 'file-input', 'json', 'json-schema', 'n']

function revision([name, input, output, ttftMs, tokensPerSecond, mean, verbosity, window, maxOutput]: Row, speed: number): ModelRev {
  const reasoning = name === 'thinker'
  const accepts: Accepts = {
    needs: reasoning ? [...OFFERS, 'reasoning-replay'] : OFFERS,
    refuses: [],
    maxTokensField: 'max_completion_tokens',
    developerRole: true,
    efforts: reasoning ? ['low', 'medium', 'high'] : [],
    thinking: reasoning ? 'effort' : 'none',
    maxOutput,
  }
  const abilities = ABILITY_GROUPS.map((group) => [group, { mean: mean + (BIAS[name]?.[group] ?? 0), se: 0.3 }] as const)
  return deepFreeze({
    id: `sandbox/${name}`,
    provider: 'sandbox',
    account: 'sandbox',
    name,
    wire: 'openai-chat',
    wires: ['openai-chat'],
    kind: name === 'embed' ? 'embedding' : 'chat',
    rates: ratesFromPrice({ input, output, cacheRead: input / 10 }),
    batchRates: ratesFromPrice({ input: input / 2, output: output / 2, cacheRead: input / 20 }),
    flexRates: null,
    contextWindow: window,
    maxOutput,
    accepts,
    cache: { mode: 'automatic', minTokens: 1024, stepTokens: 128, ttlMs: 300_000 },
    ability: Object.fromEntries(abilities) as Record<AbilityGroup, Ability>,
    abilityBasis: 'configured',
    tokenizerRatio: 1,
    speed: { ttftMs: ttftMs / speed, tokensPerSecond: tokensPerSecond * speed },
    verbosity,
    reasoning,
    carbon: null,
    limits: { rpm: null, tpm: null },
    simulated: true,
  } as const)
}

/**
 * The simulated pool. `speed` scales the declared speeds, so that the predicted time is the elapsed time; the sandbox provider plays the
 * declared speed unchanged.
 */
export function sandboxModels(speed: number = SANDBOX_SPEED): readonly ModelRev[] {
  return ROWS.map((row) => revision(row, speed))
}
