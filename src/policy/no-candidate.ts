import { budgetName, Fault, formatUsd, groupedBy } from '../kit/index.js'
import { leftIn } from './budget.js'
import type { BudgetState, Plan } from './types.js'
import { isPassing } from './veto.js'

/** The Fault of a plan that nothing can serve: it names every model with its veto, and of the budgets that apply the tightest. */
export function noCandidate(plan: Plan, budgets: readonly BudgetState[] = []): Fault {
  const all = plan.steps.filter((s) => s.veto !== null)
  // Of a call that named a model, the others say nothing.
  const own = all.filter((s) => s.veto!.code !== 'pinned')
  const vetoes = own.length > 0 ? own : all
  const list = [...groupedBy(vetoes, (s) => s.veto!.detail)]
    .map(([detail, steps]) => `${steps.length === 1 ? '' : 'each of '}${steps.map((s) => s.model).join(', ')} ${detail}`)
    .join('; ')
  if (vetoes.length === 0) {
    return new Fault('E_NO_CANDIDATE', 'the pool has no model for this kind of request', {
      hint: 'Add one to `models` (for embeddings, say, openai/text-embedding-3-small), or to those that the profile may use.',
      final: true,
    })
  }
  if (vetoes.some((s) => s.veto!.code === 'budget')) {
    return new Fault('E_BUDGET', `no model fits what is left of ${tightest(budgets)}: ${list}`, {
      hint: 'Lower the output limit, raise the budget or wait for its next period.',
      final: true,
    })
  }
  const passing = vetoes.some((s) => isPassing(s.veto!))
  return new Fault('E_NO_CANDIDATE', `no model can serve this request: ${list}`, {
    hint: passing ? 'Try again in a moment.' : 'Add a model that can, or relax the rule or profile.',
    final: !passing,
  })
}

function tightest(budgets: readonly BudgetState[]): string {
  const [least] = [...budgets].sort((a, b) => leftIn(a) - leftIn(b))
  return least === undefined
    ? 'the budget'
    : `${budgetName(least.scope)}, ${formatUsd(Math.max(0, leftIn(least)))} of ${formatUsd(least.limit)}`
}
