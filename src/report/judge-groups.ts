import { shareOf } from './intervals.js'
import { ESCALATIONS, type SeenCall } from './look-at-calls.js'
import { meanOf, rate } from './sums.js'

/** What hourly sums do not hold of a group of calls: how good its answers were, whether people liked them, how often it went to a stronger model. */
export function judgeGroup(calls: readonly SeenCall[]) {
  const qualities = calls.flatMap((call) => predictedQuality(call) ?? [])
  const words = calls.flatMap((call) => feedbackOf(call) ?? [])
  const liked = shareOf(words.filter((w) => w === 1).length, words.length)
  return {
    /** Mean predicted probability of a good answer, of the models that answered; feedback and judges have moved it. */
    quality: meanOf(qualities),
    /** Calls that a person has judged, */
    feedback: words.length,
    /** the share of them that was good, with Wilson's 95% interval. */
    satisfaction: liked?.mean ?? null,
    satisfactionLow: liked?.low ?? null,
    satisfactionHigh: liked?.high ?? null,
    escalationRate: rate(calls.filter(isEscalated).length, calls.length),
  }
}

/** The person's last word on a call: 1 good, 0 bad, null none. */
function feedbackOf({ outcomes }: SeenCall): 0 | 1 | null {
  const last = outcomes.findLast((o) => o.kind === 'feedback')
  return last === undefined || last.value === null ? null : last.value > 0 ? 1 : 0
}

function isEscalated({ outcomes }: SeenCall): boolean {
  return outcomes.some((o) => ESCALATIONS.includes(o.kind) && (o.value ?? 0) > 0)
}

/** Predicted probability of a good answer from the model that answered, as of the decision; null when unknown. */
function predictedQuality({ call, decision }: SeenCall): number | null {
  return decision?.plan.steps.find((step) => step.model === call.model)?.quality ?? null
}
