import { classify, type Signals } from '../classify/index.js'
import type { Inbound } from './exchange.js'
import { type ReadCall, readCall, withEffort } from './read-call.js'
import { readWishes, type Wishes } from './read-wishes.js'
import { refuseKept } from './refuse-kept.js'
import { type CallTarget, resolveTarget } from './resolve-target.js'
import type { Setup } from './setup.js'
import { switchProfile } from './switch-profile.js'

/** A request read and judged, before anything is decided about it. */
export interface Understood {
  readonly setup: Setup
  readonly read: ReadCall
  readonly wishes: Wishes
  readonly target: CallTarget
  readonly signals: Signals
}

/** Throws a Fault for a request that cannot be understood or names a model that is not there. */
export function understandCall(inbound: Inbound, setup: Setup): Understood {
  const wishes = readWishes(inbound.headers)
  const asked = readCall(inbound)
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
