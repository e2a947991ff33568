import type { Accepts, Need, WireFormat } from '../canonical/index.js'
import { usdPerMTok } from '../kit/index.js'
import { abilityFromQuality, abilityOf } from './ability.js'
import { acceptsOf, TOOLS_IN_RESPONSES } from './accepts.js'
import { cacheRuleOf } from './cache-rule.js'
import { deepFreeze } from './deep-freeze.js'
import { batchRates, fastRates, flexRates } from './discounts.js'
import { findFacts, type ModelFacts } from './facts.js'
import { carbonOf, speedOf, tokenizerRatioOf } from './figures.js'
import { dashedName, plainName } from './model-name.js'
import type { ListedPrice, PriceBook } from './prices.js'
import { type PriceSpec, ratesFromPrice } from './rates.js'
import type { AbilityGroup, CacheRule, ModelRev, ProviderAccess, Rates } from './types.js'

/** A user's settings of a model. Everything but `id` has a default from the catalog, and these settings override it. */
export interface ModelSpec {
  /** `provider/name`. */
  readonly id: string
  /** The name sent upstream; the part of `id` after the provider unless given. */
  readonly name?: string | undefined
  readonly kind?: ModelRev['kind'] | undefined
  readonly wire?: WireFormat | undefined
  /** USD per million tokens. */
  readonly price?: PriceSpec | undefined
  readonly batchPrice?: PriceSpec | undefined
  readonly flexPrice?: PriceSpec | undefined
  readonly contextWindow?: number | undefined
  readonly maxOutput?: number | undefined
  /** Probability of a good answer at the reference difficulty, overall or by ability group; ability = logit(quality). */
  readonly quality?: number | Partial<Readonly<Record<AbilityGroup, number>>> | undefined
  readonly accepts?: Partial<Accepts> | undefined
  readonly cache?: CacheRule | undefined
  readonly limits?: { readonly rpm?: number | undefined; readonly tpm?: number | undefined } | undefined
  /** Grams CO2e per million output tokens. */
  readonly carbon?: number | undefined
  readonly tokenizerRatio?: number | undefined
  readonly speed?: ModelRev['speed'] | undefined
  /** Output tokens relative to the average model. */
  readonly verbosity?: number | undefined
  readonly reasoning?: boolean | undefined
}

/** What resolving needs to know of the provider, its name for prices included. */
export interface ResolveContext {
  readonly provider: {
    readonly id: string
    readonly wire: WireFormat
    readonly wires: readonly WireFormat[]
    readonly local: boolean
    readonly priceId: string | null
    /** The known provider whose service this is, if it is configured under another id. */
    readonly vendor?: string
    readonly lacks?: readonly Need[]
    readonly auth?: ProviderAccess['auth']
  }
  /** Null leaves every price unknown that the user does not give. */
  readonly prices: PriceBook | null
}

const FREE = ratesFromPrice({ input: 0, output: 0 })
const THINKS =
  /(?:^|-)(?:o[134]|r1|qwq|reason\w*|think\w*|magistral)(?:-|$)|^(?:gpt-[56]|gpt-oss|grok-[4-9]|glm-[45]|kimi-k[3-9]|minimax-m|qwen-?3|claude-(?:opus|sonnet|fable|mythos)-[4-9]|claude-haiku-[5-9]|gemini-[3-9]|gemini-2-5)/
const EMBEDS = /embed|bge-|(?:^|-)e5-|(?:^|-)gte-|minilm|ada-002/

/**
 * Models that OpenAI serves on /v1/responses alone, and those that refuse tools on /v1/chat/completions (GPT-5.6; GPT-6 is taken to be the
 * same).
 */
const RESPONSES_ONLY = /^gpt-(?:5-6|6)|^(?:gpt-5|o1|o3)\S*-pro(?:-|$)|codex/
/** These think only when asked to; a guess from price must not credit them with thinking. */
const THINKS_WHEN_ASKED = /^gpt-5-[1-4]|^claude-(?:opus|sonnet|haiku)-4/

/** `provider/name` → name. Names may contain slashes. */
function nameOf(id: string): string {
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(slash + 1)
}

/** Everything a decision may use about a model, as frozen plain data. The user's settings override the catalog. */
export function resolveModel(spec: ModelSpec, { provider, prices }: ResolveContext): ModelRev {
  const { name, listed } = identify(spec, prices, provider.priceId)
  const vendor = provider.vendor ?? provider.id
  const facts = findFacts(name)
  const rates = spec.price ? ratesFromPrice(spec.price) : provider.local ? FREE : (listed?.rates ?? null)
  const wires = spec.wire ? [spec.wire] : wiresOf(name, provider)
  const [wire = provider.wire] = wires
  const reasoning = spec.reasoning ?? facts?.reasoning ?? (THINKS.test(plainName(name)) && !/non-reasoning|instruct/.test(name))
  const maxOutput = spec.maxOutput ?? facts?.maxOutput ?? null
  const fast = fastRates(vendor, name, rates)
  return deepFreeze({
    id: spec.id,
    provider: provider.id,
    account: provider.id,
    name: spec.name ?? name,
    wire,
    wires,
    kind: spec.kind ?? (listed?.kind === 'embedding' || EMBEDS.test(dashedName(name)) ? 'embedding' : 'chat'),
    rates,
    batchRates: spec.batchPrice ? ratesFromPrice(spec.batchPrice) : batchRates(vendor, name, rates),
    flexRates: spec.flexPrice ? ratesFromPrice(spec.flexPrice) : flexRates(vendor, name, rates),
    ...(fast === null ? {} : { fastRates: fast }),
    contextWindow: spec.contextWindow ?? listed?.contextWindow ?? facts?.window ?? null,
    maxOutput,
    accepts: {
      ...acceptsOf({ provider: vendor, name, wire, wires, lacks: provider.lacks ?? [], facts, reasoning, maxOutput }),
      ...spec.accepts,
    },
    cache: spec.cache ?? cacheRuleOf({ name, wire, facts, rates }),
    ...abilityWithBasis(spec, facts, listed?.rates ?? rates, name, reasoning),
    tokenizerRatio: spec.tokenizerRatio ?? tokenizerRatioOf(name),
    speed: spec.speed ?? speedOf(facts, rates),
    verbosity: spec.verbosity ?? facts?.verbosity ?? (reasoning ? 2 : 1),
    reasoning,
    carbon: spec.carbon ?? carbonOf(name),
    limits: { rpm: spec.limits?.rpm ?? null, tpm: spec.limits?.tpm ?? null },
    simulated: false,
    ...(provider.auth === 'passthrough' ? { notional: true as const } : {}),
  })
}

interface Identified {
  readonly name: string
  readonly listed: ListedPrice | null
}

/**
 * The catalog's name for the model. The name sent upstream may be a deployment's, which says nothing about the model (Azure); then the id
 * is used.
 */
function identify(spec: ModelSpec, prices: PriceBook | null, priceId: string | null): Identified {
  const find = (name: string): ListedPrice | null => (prices === null || priceId === null ? null : prices.find(priceId, name))
  const own = nameOf(spec.id)
  const sent = spec.name ?? own
  const written = find(sent) === null && findFacts(sent) === null && (find(own) !== null || findFacts(own) !== null) ? own : sent
  const listed = find(written)
  return { name: written === spec.name ? written : spelledByProvider(written, listed), listed }
}

/** The first is the one to use where the client's own is not among them. */
function wiresOf(name: string, { wire, wires }: ResolveContext['provider']): readonly WireFormat[] {
  const dashed = dashedName(name)
  const responses = wires.includes('openai-responses')
  if (responses && RESPONSES_ONLY.test(dashed)) return ['openai-responses']
  const first = responses && TOOLS_IN_RESPONSES.test(dashed) ? 'openai-responses' : wire
  return wires.includes(first) ? [first, ...wires.filter((other) => other !== first)] : wires
}

/** `claude-sonnet-4.5` is `claude-sonnet-4-5` at Anthropic: the provider's own spelling where only dots, dashes or case differ. */
function spelledByProvider(written: string, listed: ListedPrice | null): string {
  const same = listed !== null && listed.id !== written && dashedName(listed.id) === dashedName(written)
  return same && !written.includes('/') ? listed.id : written
}

function abilityWithBasis(
  spec: ModelSpec,
  facts: ModelFacts | null,
  rates: Rates | null,
  name: string,
  reasoning: boolean,
): Pick<ModelRev, 'ability' | 'abilityBasis'> {
  const paid = rates !== null && rates.output !== null && rates.output > 0
  const thinking = reasoning && !THINKS_WHEN_ASKED.test(plainName(name))
  const prior = abilityOf(facts, {
    name,
    reasoning: thinking,
    priceIn: paid ? usdPerMTok(rates.input) : null,
    priceOut: paid ? usdPerMTok(rates.output) : null,
  })
  if (spec.quality !== undefined) return { ability: abilityFromQuality(spec.quality, prior), abilityBasis: 'configured' }
  return { ability: prior, abilityBasis: facts?.basis ?? 'guess' }
}
