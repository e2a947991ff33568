import type { Nano } from '../../kit/index.js'
import type { LadderState } from '../types.js'
import type { PrefixLink } from './events.js'

/** A model at an account: where prompt caches live, and how prefixes expected to be warm fared (decayed counts). */
export interface Slot {
  readonly account: string
  readonly model: string
  found: number
  expected: number
}

/** How far down a span a slot's cache holds the prefix, and until when. */
export interface Mark {
  readonly slot: Slot
  /** Depths at which a prefix ends that the provider holds, rising; null when it holds every prefix up to `depth`. */
  points: number[] | null
  depth: number
  untilMs: number
}

/** Something that is forgotten when it has not been touched for long; maps and sets hold such entries in the order of `queuedMs`. */
export interface Queued {
  touchedMs: number
  queuedMs: number
}

/**
 * A run of prefix nodes without a branch: an edge of a radix tree over conversations. A session's turns lengthen one span; sessions with
 * the same envelope share the span above. So a turn touches only a few spans, however long the conversation is.
 */
export interface Span extends Queued {
  parent: Span | null
  /** Depth of the first node. */
  start: number
  /** Empty once the span was dropped. */
  digests: string[]
  /** Reference tokens of the whole prefix up to each node. */
  tokens: number[]
  marks: Mark[]
  children: number
}

/** A node of a chain, by its span and depth. It holds until the span is split or dropped, see isPlace(). */
export interface Place {
  readonly span: Span
  readonly depth: number
}

export interface SessionState extends Queued {
  readonly key: string
  turn: number
  /** Turns that went back to a model left before. */
  returns: number
  lastModel: string | null
  /** Models that the session has left, each once. */
  readonly leftModels: string[]
  ladder: LadderState | null
  arm: string | null
}

export interface Pending {
  readonly atMs: number
  readonly session: string | null
  readonly leaf: PrefixLink | null
  /** Deepest known ancestor of the leaf when the call was decided. */
  readonly place: Place | null
  readonly breakpoints: readonly number[]
  readonly chosen: string | null
  /** Experiment and arm to count the call under; null outside of experiments. */
  readonly experiment: string | null
  readonly arm: string | null
  /** Reference tokens that were expected to be warm at the chosen model. */
  readonly expectedWarm: number
  readonly reservations: readonly { readonly scope: string; readonly amount: Nano }[]
}

/** What one arm of an experiment, or its control, has cost and how often it failed. */
export interface ArmSum {
  calls: number
  errors: number
  cost: Nano
}

export interface BudgetSum extends Queued {
  readonly key: string
  spent: Nano
  reserved: Nano
}

/**
 * Everything that decisions depend on and change. fold() changes it in place, since a million events cannot each copy it; its owner is the
 * caller of fold().
 */
export interface State {
  readonly spans: Set<Span>
  readonly nodes: Map<string, Span>
  readonly sessions: Map<string, SessionState>
  readonly pending: Map<string, Pending>
  /** By account, then model. */
  readonly slots: Map<string, Map<string, Slot>>
  readonly budgets: Map<string, BudgetSum>
  /** By experiment, then arm; the control is ''. */
  readonly arms: Map<string, Map<string, ArmSum>>
  /** Decisions folded so far. */
  decisions: number
  /** The chain looked up last: a decision and its event ask for the same one. */
  lastLeaf: PrefixLink | null
  lastPlace: Place | null
}

export function emptyState(): State {
  return {
    spans: new Set(),
    nodes: new Map(),
    sessions: new Map(),
    pending: new Map(),
    slots: new Map(),
    budgets: new Map(),
    arms: new Map(),
    decisions: 0,
    lastLeaf: null,
    lastPlace: null,
  }
}
