import type { Message, Request } from '../canonical/index.js'
import { readSwitch } from '../policy/index.js'
import type { CallTarget } from './resolve-target.js'
import type { Setup } from './setup.js'

/** The ready-made profile that `/max` selects. */
const MAX = 'max'

/**
 * If the profile allows it, the conversation's last `/max` or `/auto` decides who serves it. It is read from the conversation itself, so it
 * holds for later turns and after a restart. The model receives the message unchanged. A model that the client named has priority.
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
