import type { Message, Request } from '../canonical/index.js'
import { readSwitch } from '../policy/index.js'
import type { CallTarget } from './resolve-target.js'
import type { Setup } from './setup.js'

/** The ready-made profile that `/max` stands for. */
const MAX = 'max'

/**
 * Where the profile allows it, the conversation's last `/max` or `/auto` says who serves it: it is read from the conversation itself, so that it
 * holds for the turns that follow and after a restart. The words go to the model as they were written. A client's own choice of model stands.
 */
export function switchProfile(setup: Setup, target: CallTarget, request: Request): CallTarget {
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
