import type { Signals } from '../classify/index.js'
import type { Fault } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { DecideInput, Plan, PrefixLink, ResolvedPolicy } from '../policy/index.js'
import type { Flight } from '../upstream/index.js'
import type { ReplyContext } from '../wire/index.js'
import type { DueBudget } from './budget-scopes.js'
import type { Conversation } from './digest-messages.js'
import type { Outlet } from './exchange.js'
import type { ReadCall } from './read-call.js'
import type { Wishes } from './read-wishes.js'
import type { CallTarget } from './resolve-target.js'
import type { Setup } from './setup.js'

/** A call that has been decided: everything the walk and the record need, none of it changing any more. */
export interface DecidedCall extends ReadCall {
  readonly id: string
  readonly setup: Setup
  readonly outlet: Outlet
  readonly wishes: Wishes
  readonly target: CallTarget
  readonly client: string
  readonly session: string
  readonly signals: Signals
  readonly conversation: Conversation
  /** Its place among the prefixes that caches hold; null where nothing of it can be cached. */
  readonly leaf: PrefixLink | null
  /** Attempts that asked others how hard this is, before it was decided. */
  readonly asked: readonly AttemptRow[]
  /** Budgets that apply to the call, with the configured limits; `input`'s have the money reserved for questions deducted. */
  readonly budgets: readonly DueBudget[]
  readonly input: DecideInput
  readonly plan: Plan
  readonly policy: ResolvedPolicy
  /** Model that savings are measured against. */
  readonly baseline: string | null
  /** What changes while it is served. */
  readonly live: Live
}

export interface Live {
  /** The attempt under way, so that a client that leaves can end it. */
  flight: Flight | null
  /** Set when the client went away or the call was cancelled from inside. */
  gone: Fault | null
  /** Wakes a pause between attempts when the client goes. */
  wake: (() => void) | null
  /** Attempts made so far. */
  attempts: number
  /** A provider refused the reasoning of this conversation: it is left out from now on. */
  unsigned: boolean
}

/** How an answer of another format is presented to this client: under the model name it asked for. */
export function replyContext(call: DecidedCall): ReplyContext {
  return {
    id: call.id,
    model: call.request.model,
    created: Math.floor(call.input.atMs / 1000),
    streamUsage: call.request.streamUsage ?? false,
    request: call.request,
    inputTokens: call.signals.inputTokens,
  }
}
