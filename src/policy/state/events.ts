import type { CacheRule } from '../../catalog/types.js'
import type { Trajectory } from '../../classify/types.js'
import type { Nano } from '../../kit/index.js'
import type { ResolvedPolicy } from '../types.js'

/** One message of a conversation's prefix, linked to the one before it. Sharing the links of earlier turns makes a long chain cheap. */
export interface PrefixLink {
  /** Digest of the prefix up to here. */
  readonly digest: string
  /** Tokens of the prefix up to here, reference tokenizer. */
  readonly refTokens: number
  /** 0 for the envelope. */
  readonly depth: number
  readonly parent: PrefixLink | null
}

/** A chain as the ledger lists it, as links; returns its leaf, null when it is empty. */
export function linkPrefixes(nodes: readonly { readonly digest: string; readonly refTokens: number }[]): PrefixLink | null {
  let leaf: PrefixLink | null = null
  let depth = 0
  for (const { digest, refTokens } of nodes) leaf = { digest, refTokens, depth: depth++, parent: leaf }
  return leaf
}

/** A model at its provider, with the behaviour of that provider's prompt cache. A ModelRev is one. */
export interface ServedBy {
  readonly id: string
  readonly account: string
  readonly cache: CacheRule
  readonly tokenizerRatio: number
}

/**
 * A call was decided. Derived alike from the live call and from its ledger row.
 * A side call (a title, a summary) belongs to no session's course: `session` is null then.
 */
export interface Decided {
  readonly type: 'decided'
  readonly atMs: number
  readonly call: string
  readonly session: string | null
  readonly leaf: PrefixLink | null
  /** Depths after which the request that goes upstream marks a cache breakpoint. */
  readonly breakpoints: readonly number[]
  /** First of the plan; null when nothing could serve. */
  readonly chosen: ServedBy | null
  /** Upper bounds reserved, by budget scope. */
  readonly reservations: readonly { readonly scope: string; readonly amount: Nano }[]
  readonly trajectory: Trajectory
  readonly mode: 'auto' | 'pinned' | 'alias'
  readonly policy: ResolvedPolicy
  readonly arm: string | null
}

/** A call ended, in whatever way; `interrupted` is one found open after a crash. */
export interface Settled {
  readonly type: 'settled'
  readonly atMs: number
  readonly call: string
  /** The model that answered; null when none did. */
  readonly model: ServedBy | null
  /** As reported, in the model's own tokens; null when not reported. */
  readonly cacheReadTokens: number | null
  readonly cacheWrite1hTokens: number | null
  /** All attempts; null when unpriced. */
  readonly cost: Nano | null
  readonly status: 'ok' | 'error' | 'cancelled' | 'interrupted'
}

export type StateEvent = Decided | Settled
