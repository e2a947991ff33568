import type { Reply, Usage } from '../canonical/index.js'
import { Fault } from '../kit/index.js'

/**
 * The fault of an answer that its provider broke off by a reason of its own: DeepSeek's `insufficient_system_resource`, Gemini's
 * `MALFORMED_FUNCTION_CALL`. Other formats have no such reason, and their clients would take what came for the whole answer.
 */
export function brokenOff(reason: string): Fault {
  return new Fault('E_UPSTREAM', `the provider broke off its answer: ${reason}`)
}

/** Throws for such an answer, after reporting its usage. */
export function needWhole(reply: Reply, spent: (usage: Usage) => void): Reply {
  const broken = reply.choices.find((choice) => choice.finish === 'error')
  if (broken === undefined) return reply
  spent(reply.usage)
  throw brokenOff(broken.rawFinish ?? 'error')
}
