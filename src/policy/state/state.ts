import type { Nano } from '../../kit/index.js'
import type { LadderState } from '../types.js'
import type { PrefixLink } from './events.js'

/** How far down a span a model's cache holds the prefix, and until when. */
export interface Mark {
  readonly account: string
  readonly model: string
  /** Depths at which a prefix ends that the provider holds, rising; null when it holds every prefix up to `depth`. */
  points: number[] | null
  depth: number
  untilMs: number
}

/**
 * A run of prefix nodes without a branch: an edge of a radix tree over conversations. A session's turns lengthen one span; sessions with
 * the same envelope share the span above. So a turn touches a few spans, however long the conversation is.
 */
export interface Span {
  parent: Span | null
  /** Depth of the first node. */
  start: number
  digests: string[]
  /** Reference tokens of the whole prefix up to each node. */
  tokens: number[]
  marks: Mark[]
  children: number
  touchedMs: number
}

export interface SessionState {
  turn: number
  lastModel: string | null
  ladder: LadderState | null
  arm: string | null
  atMs: number
}

export interface Pending {
  readonly atMs: number
  readonly session: string | null
  readonly leaf: PrefixLink | null
  readonly breakpoints: readonly number[]
  readonly chosen: string | null
  /** Reference tokens that were expected to be warm at the chosen model. */
  readonly expectedWarm: number
  readonly reservations: readonly { readonly scope: string; readonly amount: Nano }[]
}

/** What a provider's cache has done with prefixes that were expected to be warm: decayed counts. */
export interface HitRecord {
  found: number
  expected: number
}

export interface BudgetSum {
  spent: Nano
  reserved: Nano
  atMs: number
}

/**
 * Everything that decisions depend on and that decisions change. It is owned by whoever folds: fold() changes it in place, since a million events
 * cannot each copy it. Maps are kept in order of last use, so that what has expired is found at their front.
 */
export interface State {
  readonly spans: Set<Span>
  readonly nodes: Map<string, Span>
  readonly sessions: Map<string, SessionState>
  readonly pending: Map<string, Pending>
  /** By account, then model. */
  readonly hits: Map<string, Map<string, HitRecord>>
  readonly budgets: Map<string, BudgetSum>
}

export function emptyState(): State {
  return { spans: new Set(), nodes: new Map(), sessions: new Map(), pending: new Map(), hits: new Map(), budgets: new Map() }
}
