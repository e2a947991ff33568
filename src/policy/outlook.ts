import type { Outlook } from './expect-cost.js'
import type { DecideInput } from './types.js'

/**
 * What the session is expected to still ask. A side call ends where it is; a first message without tools is as likely as not the only one;
 * an agent's loop, or a conversation that has already gone on, is expected to last as long as the policy says.
 */
export function outlookOf(input: DecideInput): Outlook {
  const { policy, signals, endogenous } = input
  const { inputTokens, envelope } = signals
  const started = endogenous.turn > 0 || signals.tools.count > 0 || signals.trajectory.userTurns > 1
  const left =
    !policy.cacheAware || signals.sideKind !== null ? 0 : started ? policy.expectedTurnsLeft : Math.min(1, policy.expectedTurnsLeft)
  const turns = Math.max(1, endogenous.turn + 1, signals.trajectory.userTurns + signals.trajectory.loopLength)
  return {
    inputTokens,
    turnsLeft: left,
    growth: Math.max(0, Math.round((inputTokens - envelope.tokens) / turns)),
    cacheAware: policy.cacheAware,
    cacheMarks: input.cacheMarks,
  }
}
