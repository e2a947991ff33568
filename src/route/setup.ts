import type { ModelRev, ProviderAccess } from '../catalog/index.js'
import type { Classifier, ExampleLibrary } from '../classify/index.js'
import type { ResolvedPolicy } from '../policy/index.js'
import type { SpendLimit } from './budget-scopes.js'

/**
 * Everything of a configuration that routing uses, resolved and immutable. A reload makes a new one; calls under way keep theirs.
 */
export interface Setup {
  readonly pool: readonly PoolModel[]
  readonly byId: ReadonlyMap<string, PoolModel>
  /** The cheaper and slower services of each model of the pool, by its id; they are in `byId` too. */
  readonly tiers?: ReadonlyMap<string, readonly PoolModel[]>
  /** How long calls of a profile may wait that do not say it themselves, milliseconds. */
  readonly deadlines?: ReadonlyMap<string, number>
  /** Embedding models of the pool; profiles choose among chat models. */
  readonly embeddings: readonly ModelRev[]
  /** Profiles that a client may name, presets included. */
  readonly profiles: ReadonlyMap<string, NamedPolicy>
  readonly defaultProfile: string
  /** Any other name → a pool model, `auto` or `auto:PROFILE`. */
  readonly aliases: Readonly<Record<string, string>>
  /** Models that savings may be measured against although they are not in the pool. */
  readonly baselines: ReadonlyMap<string, ModelRev>
  /** The pool's highest-quality chat model: what savings are measured against when nothing else is said. */
  readonly ablest: string | null
  readonly budgets: readonly SpendLimit[]
  /** Patterns of prompt rules, evaluated once by the classifier. */
  readonly regex: readonly string[]
  /** The weights in use: the shipped ones, or the user's own. */
  readonly classifier: Classifier
  /** Labelled prompts of the user and the shipped ones; null when the user has none, or others compare them. */
  readonly examples: ExampleLibrary | null
  readonly storeBodies: boolean
  /** Makes digests that only this ledger can make, when bodies are not kept; null for plain ones. */
  readonly keyed: ((digest: string) => string) | null
}

export interface PoolModel {
  readonly rev: ModelRev
  /** Name of the revision in the ledger. */
  readonly hash: string
  readonly access: ProviderAccess
  /** What a call is priced by that asks for the provider's fast mode. */
  readonly fast?: Pick<PoolModel, 'rev' | 'hash'>
}

export interface NamedPolicy {
  readonly policy: ResolvedPolicy
  /** The policy's pool, in its order. */
  readonly revs: readonly ModelRev[]
  /** Name of the policy in the ledger. */
  readonly hash: string
}
