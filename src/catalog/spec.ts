import type { Accepts, WireFormat } from '../canonical/index.js'
import type { PriceSpec } from './rates.js'
import type { AbilityGroup, CacheRule, ModelRev } from './types.js'

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
