import type { Accepts, WireFormat } from '../canonical/index.js'
import { abilityFromQuality, guessAbility } from './ability.js'
import { acceptsByDefault } from './accepts.js'
import type { PriceBook } from './prices.js'
import { type PriceSpec, ratesFromPrice } from './rates.js'
import { deepFreeze } from './revision.js'
import type { ModelSpec } from './spec.js'
import type { CacheRule, ModelRev, Rates } from './types.js'

/** What resolving needs to know of the provider, its name for prices included. */
export interface ResolveContext {
  readonly provider: {
    readonly id: string
    readonly wire: WireFormat
    readonly wires: readonly WireFormat[]
    readonly local: boolean
    readonly priceId: string | null
  }
  /** Null leaves every price unknown that the user does not give. */
  readonly prices: PriceBook | null
}

const FREE: PriceSpec = { input: 0, output: 0 }
const NO_CACHE: CacheRule = { mode: 'none', minTokens: 0, stepTokens: 1, ttlMs: 0 }

/** `provider/name` → name. Names may hold slashes of their own. */
export function nameOf(id: string): string {
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(slash + 1)
}

/** Everything a decision may use about a model, as frozen plain data. What the user says wins over the catalog. */
export function resolveModel(spec: ModelSpec, context: ResolveContext): ModelRev {
  const { provider, prices } = context
  const name = spec.name ?? nameOf(spec.id)
  const listed = provider.priceId === null ? null : (prices?.find(provider.priceId, name) ?? null)
  const rates: Rates | null = spec.price ? ratesFromPrice(spec.price) : provider.local ? ratesFromPrice(FREE) : (listed?.rates ?? null)
  const wire = spec.wire ?? provider.wire
  const maxOutput = spec.maxOutput ?? null
  const accepts: Accepts = { ...acceptsByDefault(wire), maxOutput, ...spec.accepts }
  const guess = guessAbility(rates)
  return deepFreeze({
    id: spec.id,
    provider: provider.id,
    account: provider.id,
    name,
    wire,
    wires: spec.wire ? [spec.wire] : provider.wires,
    kind: spec.kind ?? 'chat',
    rates,
    batchRates: spec.batchPrice ? ratesFromPrice(spec.batchPrice) : null,
    flexRates: spec.flexPrice ? ratesFromPrice(spec.flexPrice) : null,
    contextWindow: spec.contextWindow ?? listed?.contextWindow ?? null,
    maxOutput,
    accepts,
    cache: spec.cache ?? NO_CACHE,
    ability: spec.quality === undefined ? guess : abilityFromQuality(spec.quality, guess),
    abilityBasis: spec.quality === undefined ? 'guess' : 'configured',
    tokenizerRatio: spec.tokenizerRatio ?? 1,
    speed: spec.speed ?? { ttftMs: 1000, tokensPerSecond: 60 },
    verbosity: spec.verbosity ?? 1,
    reasoning: spec.reasoning ?? false,
    carbon: spec.carbon ?? null,
    limits: { rpm: spec.limits?.rpm ?? null, tpm: spec.limits?.tpm ?? null },
    simulated: false,
  })
}
