import type { Message, Request } from '../canonical/index.js'
import { classify, type Signals } from '../classify/index.js'
import { Fault } from '../kit/index.js'
import { readSwitch } from '../policy/index.js'
import { THREAD_REFUSED } from '../wire/index.js'
import type { Inbound } from './exchange.js'
import type { KeptItems } from './kept-items.js'
import { type ReadCall, readCall, withEffort } from './read-call.js'
import { readWishes, type Wishes } from './read-wishes.js'
import { type CallTarget, resolveTarget } from './resolve-target.js'
import type { Setup } from './setup.js'

/** A request read and judged, before anything is decided about it. */
export interface Understood {
  readonly setup: Setup
  readonly read: ReadCall
  readonly wishes: Wishes
  readonly target: CallTarget
  readonly signals: Signals
}

/** Throws a Fault for a request that cannot be understood or names a model that is not there. */
export function understandCall(inbound: Inbound, setup: Setup, items?: KeptItems): Understood {
  const wishes = readWishes(inbound.headers)
  const asked = readCall(inbound, items)
  const embeds = inbound.action === 'embeddings'
  const profile = wishes.profile ?? inbound.key?.profile ?? null
  const named = resolveTarget(setup, asked.request.model, profile, embeds ? 'embedding' : 'chat')
  const read = named.effort !== null && inbound.action === 'generate' ? withEffort(asked, named.effort) : asked
  refuseKept(read, named)
  const target = switchProfile(setup, named, read.request)
  const { regex, classifier, examples } = setup
  const signals = classify(read.request, { regex, classifier, examples })
  if (embeds) return { setup, read, wishes, target, signals: { ...signals, sideKind: 'embedding' } }
  return { setup, read, wishes, target, signals }
}

/**
 * Throws for a request that goes on with what a vendor keeps (an earlier response, a conversation, a thread, a container) when it would go
 * to a model elsewhere, which would answer without the rest. A thread is refused where the model is ours to choose, too: told so by this
 * name, the tool runner of Anthropic's SDK (1.11, which keeps threads unless told not to) sends the whole conversation, and any model may answer.
 */
function refuseKept({ inbound, request }: Pick<ReadCall, 'inbound' | 'request'>, { pinned }: CallTarget): void {
  const thread = inbound.format === 'anthropic-messages' && request.extra?.thread != null
  const elsewhere = pinned !== null && !(pinned.rev.wires ?? [pinned.rev.wire]).includes(inbound.format)
  const kept = thread || (request.needs?.length ?? 0) > 0
  if (!(kept && elsewhere) && !(thread && pinned === null)) return
  throw new Fault(
    'E_BAD_REQUEST',
    `the request goes on with what its vendor keeps, which ${pinned?.rev.id ?? 'another model'} cannot see`,
    {
      hint: 'Send the whole conversation, or name a model of that vendor.',
      ...(thread ? { param: 'thread', upstreamType: THREAD_REFUSED } : {}),
      final: true,
    },
  )
}

/** The ready-made profile that `/max` selects. */
const MAX = 'max'

/**
 * If the profile allows it, the conversation's last `/max` or `/auto` decides who serves it. It is read from the conversation itself, so it
 * holds for later turns and after a restart. The model receives the message unchanged. A model that the client named has priority.
 */
function switchProfile(setup: Setup, target: CallTarget, request: Request): CallTarget {
  if (target.profile.policy.switchPrefix !== true || target.pinned !== null) return target
  const max = setup.profiles.get(MAX)
  return max !== undefined && lastSwitch(request.messages) === 'max' ? { ...target, profile: max } : target
}

function lastSwitch(messages: readonly Message[]): 'max' | 'auto' | null {
  for (const { role, parts } of messages.toReversed()) {
    if (role !== 'user') continue
    for (const part of parts.toReversed()) {
      const found = part.type === 'text' ? readSwitch(part.text) : null
      if (found !== null) return found
    }
  }
  return null
}
