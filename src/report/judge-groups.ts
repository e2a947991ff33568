import { shareOf } from './intervals.js'
import { feedbackOf, isEscalated, predictedQuality, type SeenCall } from './look-at-calls.js'
import { rate } from './rate.js'
import type { Judged } from './report.js'

/** What hourly sums do not hold of a group of calls: how good its answers were, whether people liked them, how often it went to a stronger model. */
export function judgeGroup(calls: readonly SeenCall[]): Judged {
  const qualities = calls.flatMap((call) => predictedQuality(call) ?? [])
  const words = calls.flatMap((call) => feedbackOf(call) ?? [])
  const liked = shareOf(words.filter((w) => w === 1).length, words.length)
  return {
    quality: qualities.length === 0 ? null : qualities.reduce((a, b) => a + b, 0) / qualities.length,
    feedback: words.length,
    satisfaction: liked?.mean ?? null,
    satisfactionLow: liked?.low ?? null,
    satisfactionHigh: liked?.high ?? null,
    escalationRate: rate(calls.filter(isEscalated).length, calls.length),
  }
}
