import type { Outlook } from './expect-cost.js'
import type { DecideInput } from './types.js'

/**
 * Turns that the session is expected to use the model chosen now. A side call ends where it is; a first message without tools is as likely
 * as not the only one; an agent's loop, or a conversation that has already continued, lasts as long as the policy says. A session that
 * alternates between models is expected to go on like that, so a model's later turns count only as long as one has been kept so far. A
 * switch that was not reversed shortens nothing: its cold write was paid for the turns that follow, and is lost if they are not counted.
 */
function turnsLeft(input: DecideInput): number {
  const { policy, signals, endogenous } = input
  if (!policy.cacheAware || signals.sideKind !== null) return 0
  const started = endogenous.turn > 0 || signals.tools.count > 0 || signals.trajectory.userTurns > 1
  const left = started ? policy.expectedTurnsLeft : Math.min(1, policy.expectedTurnsLeft)
  return endogenous.returns === 0 ? left : Math.min(left, endogenous.turn / endogenous.returns)
}

/** The inputs of the candidates' expected costs, for this call and the turns that follow. */
export function outlookOf(input: DecideInput): Outlook {
  const { policy, signals, endogenous } = input
  const { inputTokens, envelope } = signals
  const turns = Math.max(1, endogenous.turn + 1, signals.trajectory.userTurns + signals.trajectory.loopLength)
  return {
    inputTokens,
    turnsLeft: turnsLeft(input),
    growth: Math.max(0, Math.round((inputTokens - envelope.tokens) / turns)),
    cacheAware: policy.cacheAware,
    cacheMarks: input.cacheMarks,
  }
}
