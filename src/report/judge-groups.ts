import { shareOf } from './intervals.js'
import { feedbackOf, isEscalated, predictedQuality, type SeenCall } from './look-at-calls.js'
import { rate } from './rate.js'

/** What hourly sums do not hold of a group of calls: how good its answers were, whether people liked them, how often it went to a stronger model. */
export function judgeGroup(calls: readonly SeenCall[]) {
  const qualities = calls.flatMap((call) => predictedQuality(call) ?? [])
  const words = calls.flatMap((call) => feedbackOf(call) ?? [])
  const liked = shareOf(words.filter((w) => w === 1).length, words.length)
  return {
    /** Mean predicted probability of a good answer, of the models that answered; feedback and judges have moved it. */
    quality: qualities.length === 0 ? null : qualities.reduce((a, b) => a + b, 0) / qualities.length,
    /** Calls that a person has judged, */
    feedback: words.length,
    /** the share of them that was good, with Wilson's 95% interval. */
    satisfaction: liked?.mean ?? null,
    satisfactionLow: liked?.low ?? null,
    satisfactionHigh: liked?.high ?? null,
    escalationRate: rate(calls.filter(isEscalated).length, calls.length),
  }
}
