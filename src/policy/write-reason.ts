import { leftOf } from './budget.js'
import { cacheable } from './expect-cost.js'
import { type DecideInput, DRAW, type Plan, type Step, type Strategy } from './types.js'

function strategyWords(strategy: Strategy): string {
  switch (strategy.kind) {
    case 'weights':
      return 'best score'
    case 'cheapest':
      return 'cheapest that is good enough'
    case 'balanced':
      return 'cheapest near the best quality'
    case 'best':
      return 'best predicted quality'
  }
}

/** What put the first step first. */
function choiceWords({ draws, policy }: DecideInput, { steps, strategy }: Plan, first: Step): string {
  if (first.gate !== undefined) return 'cheap first'
  const drawn = first.propensity < 1 && (draws[DRAW.explore] ?? 1) < policy.exploration.rate
  if (drawn) return `drawn from ${steps.filter((s) => s.propensity > 0).length} near-ties`
  const able = steps.reduce((n, s) => (s.veto === null ? n + 1 : n), 0)
  if (able > 1) return `${strategyWords(strategy)} of ${able}`
  return steps.some((s) => s.veto?.code === 'budget') ? 'only able model that the budget allows' : 'only able model'
}

/**
 * `12% cheaper than openai/gpt-5`, compared with the most expensive other step of the plan that could have served; empty when there is
 * nothing to say.
 */
function comparison(first: Step, plan: Plan): string {
  if (first.cost === null) return ', unpriced'
  let other: Step | null = null
  for (const step of plan.steps) {
    if (step === first || step.cost === null || (step.veto !== null && step.veto.code !== 'quality')) continue
    if (other === null || step.quality > other.quality) other = step
  }
  if (other === null || other.cost === null || other.cost <= 0) return ''
  const percent = Math.round((1 - first.cost / other.cost) * 100)
  // Something that costs money is never 100% cheaper.
  if (percent >= 1) return `, ${first.cost === 0 ? 100 : Math.min(percent, 99)}% cheaper than ${other.model}`
  if (percent > -1) return ''
  const dearer = percent <= -1000 ? `${Math.round(first.cost / other.cost)} times as dear as` : `${-percent}% dearer than`
  const pays = first.horizonCost !== null && other.horizonCost !== null && first.horizonCost < other.horizonCost
  return `, ${dearer} ${other.model}${pays ? ' now but cheaper over the turns to come' : ''}`
}

function ladderWords(plan: Plan): string {
  const { ladder } = plan
  if (ladder === null || (ladder.rung === 0 && ladder.moved === 0)) return ''
  if (ladder.moved > 0) return `; moved up to rung ${ladder.rung}: ${ladder.why[0] ?? 'trouble'}`
  if (ladder.moved < 0) return `; came down to rung ${ladder.rung} after success`
  return `; on rung ${ladder.rung}`
}

function cacheWords(input: DecideInput, first: Step): string {
  const { lastModel, warm } = input.endogenous
  if (lastModel === null) return ''
  if (lastModel === first.model) {
    const state = input.models.find((m) => m.rev.id === first.model)
    const found = warm.find((w) => w.model === first.model && w.untilMs > input.atMs)
    const tokens = state === undefined || found === undefined ? 0 : cacheable(found.tokens * state.tokenizerRatio, state.rev.cache)
    return tokens > 0 ? '; its cache is warm' : ''
  }
  return `; switched from ${lastModel}`
}

function isOverBudget({ endogenous, policy }: DecideInput): boolean {
  return policy.limits.budgetAction === 'warn' && endogenous.budgets.length > 0 && leftOf(endogenous.budgets) <= 0
}

/** The decision in one line of plain words, as in `x-llmroute-reason`. */
export function writeReason(input: DecideInput, plan: Plan): string {
  const first = plan.steps[0]
  if (first === undefined || plan.chain === 0) return 'no model can serve this request'
  const { task, complexity, sideKind } = input.signals
  const clamp = plan.clampOutput === null ? '' : `; answer limited to ${plan.clampOutput} tokens by the budget`
  const over = isOverBudget(input) ? '; over its budget, which only warns' : ''
  if (input.pinned !== null && (first.model === input.pinned || first.model.startsWith(`${input.pinned}@`)))
    return `the client named this model${input.mode === 'alias' ? ' by an alias' : ''}${clamp}${over}`
  const asked = sideKind === null ? `${complexity} ${task}` : sideKind === 'embedding' ? sideKind : `side call (${sideKind})`
  const gate = first.gate === undefined ? '' : '; its answer is judged first'
  const rule = plan.rule === null ? '' : `; rule "${plan.rule}"`
  const loop = input.endogenous.openLoop === first.model ? '; its tool loop is open' : ''
  return `${asked}: ${choiceWords(input, plan, first)}${comparison(first, plan)}${rule}${ladderWords(plan)}${loop}${cacheWords(input, first)}${gate}${clamp}${over}`
}
