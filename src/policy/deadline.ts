import { durationMs } from './duration.js'
import { type Conditions, firstMatch } from './match-rule.js'
import type { DecideInput } from './types.js'

/** How long a call may wait, milliseconds, and who said so; `ms` null: it is answered now. */
interface Wait {
  readonly ms: number | null
  readonly by: 'client' | 'rule' | 'profile' | null
}

const NOW: Wait = { ms: null, by: null }

/** The client's deadline has priority, then that of the matching rule, then that of the profile. `0s` means an immediate answer. */
export function waitOf(input: Conditions): Wait {
  const { deadlineMs, deadlineOfProfile = false, policy, mode } = input
  const given: Wait = deadlineMs === null ? NOW : { ms: deadlineMs === 0 ? null : deadlineMs, by: deadlineOfProfile ? 'profile' : 'client' }
  if (given.by === 'client' || mode === 'pinned' || !policy.rules.some((rule) => rule.deadline !== undefined)) return given
  const text = firstMatch(policy.rules, input)?.rule.deadline
  const ms = text === undefined ? null : durationMs(text)
  return ms === null ? given : { ms: ms === 0 ? null : ms, by: 'rule' }
}

/**
 * Time that costs nothing, microseconds. When service tiers are among the candidates the call can wait, and anything within its deadline is
 * in time: being faster has no value.
 */
export function freeTimeUs(input: DecideInput): number {
  if (!input.models.some((m) => m.rev.tier !== undefined)) return 0
  return (waitOf(input).ms ?? 0) * 1000
}
