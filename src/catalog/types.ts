import type { Accepts, WireFormat } from '../canonical/index.js'
import type { Nano, Pico } from '../kit/index.js'

/** Rates of one kind of service; null is unknown and makes a call that uses it unpriced. */
export interface Rates {
  readonly input: Pico | null
  readonly output: Pico | null
  readonly cacheRead: Pico | null
  readonly cacheWrite5m: Pico | null
  readonly cacheWrite1h: Pico | null
  /** Null: reasoning tokens are priced as output. */
  readonly reasoning: Pico | null
  /** Fee per call. */
  readonly perCall: Nano
  /** Long-context prices: the last tier whose `above` is below the prompt's total tokens replaces the rates of the whole call. */
  readonly tiers?: readonly (Omit<Rates, 'tiers' | 'perCall'> & { readonly above: number })[]
}

/** Services of a model that are cheaper because they may take longer. */
export type Tier = 'batch' | 'flex'

/** Ability groups that public benchmarks can tell apart. */
export const ABILITY_GROUPS = ['chat', 'knowledge', 'coding', 'math', 'tools', 'writing', 'vision'] as const
export type AbilityGroup = (typeof ABILITY_GROUPS)[number]

/** Ability in logits: P(good answer) = sigmoid(mean - difficulty). Difficulty 0 is the reference difficulty. */
export interface Ability {
  readonly mean: number
  /** Standard error of the mean, logits. */
  readonly se: number
}

/** How a model's prompt cache behaves. */
export interface CacheRule {
  readonly mode: 'explicit' | 'automatic' | 'none'
  /** Shortest cacheable prefix, tokens. */
  readonly minTokens: number
  /** Cached prefixes grow in steps of this many tokens (1 when any length). */
  readonly stepTokens: number
  readonly ttlMs: number
}

/**
 * Everything a decision may use about a model: a revision, stored completely in the ledger, once per hash. Times in milliseconds, windows
 * in tokens.
 */
export interface ModelRev {
  /** `provider/name`. */
  readonly id: string
  readonly provider: string
  /** Cache and quota partition: one credential at one provider. */
  readonly account: string
  /** The name sent upstream. */
  readonly name: string
  readonly wire: WireFormat
  /** Every format the provider serves for it below the same base URL, `wire` among them; absent means `wire` only. */
  readonly wires?: readonly WireFormat[]
  readonly kind: 'chat' | 'embedding'
  /** Null when nothing is known of the price. */
  readonly rates: Rates | null
  readonly batchRates: Rates | null
  readonly flexRates: Rates | null
  /** Absent where the provider sells no fast mode, or not at a known price. */
  readonly fastRates?: Rates
  /** Set where the rates are those of the provider's fast mode, which a client may ask for: same model, same id, dearer. */
  readonly fast?: true
  /** Set when this is a batch or flex tier of a model: its id, rates and speed are then that tier's. */
  readonly tier?: Tier
  /** The model's own id then: what rules and clients call it. */
  readonly of?: string
  readonly contextWindow: number | null
  readonly maxOutput: number | null
  readonly accepts: Accepts
  readonly cache: CacheRule
  readonly ability: Readonly<Record<AbilityGroup, Ability>>
  /** Where ability comes from: measured on benchmarks, regressed from other models, guessed from price and family, set by the user. */
  readonly abilityBasis: 'measured' | 'regressed' | 'guess' | 'configured'
  /** Tokens of this model's tokenizer per o200k token. */
  readonly tokenizerRatio: number
  /** Priors, before anything is measured here. */
  readonly speed: { readonly ttftMs: number; readonly tokensPerSecond: number }
  /** Output tokens relative to the average model on the same request. */
  readonly verbosity: number
  readonly reasoning: boolean
  /** Grams CO2e per million output tokens, null when unknown. */
  readonly carbon: number | null
  /** Requests and tokens per minute, where a limit is configured or known. */
  readonly limits: { readonly rpm: number | null; readonly tpm: number | null }
  /** Answers are made up in this process (sandbox). */
  readonly simulated: boolean
  /** The client's own credential pays: what its calls cost is between the client and the provider, a subscription perhaps. */
  readonly notional?: true
}

/**
 * How to reach a provider: what `upstream` needs and a revision must not hold. The credential is a function, so that no
 * serialiser, log or ledger can show it by accident.
 */
export interface ProviderAccess {
  readonly id: string
  readonly wire: WireFormat
  readonly wires: readonly WireFormat[]
  /** What that vendor's own SDK takes. */
  readonly baseURL: string
  /** Extra headers of every call, as configured. */
  readonly headers: Readonly<Record<string, string>>
  /** `key`: `credential()`; `passthrough`: the client's own, to this host and format only; `none`: local servers and the sandbox. */
  readonly auth: 'key' | 'passthrough' | 'none'
  /** Null when none is configured. */
  readonly credential: () => string | null
  /** Asks its source for a credential in place of one that was refused: true when there is another. Absent where it cannot have changed. */
  readonly renew?: (refused: string) => Promise<boolean>
  /** Where the credential came from, for people: `OPENAI_API_KEY`, `keys.env`, `command`. */
  readonly credentialSource: string | null
  readonly simulated: boolean
}
