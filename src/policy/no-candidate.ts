import { Fault } from '../kit/index.js'
import type { Plan } from './types.js'
import { isPassing } from './veto.js'

/** The Fault of a plan that nothing can serve: it names every model with its veto. */
export function noCandidate(plan: Plan): Fault {
  const vetoes = plan.steps.filter((s) => s.veto !== null)
  const list = vetoes.map((s) => `${s.model} ${s.veto!.detail}`).join('; ')
  // A pool always has a model that chats; one that embeds it may lack.
  if (vetoes.length === 0) {
    return new Fault('E_NO_CANDIDATE', 'the pool has no model for this kind of request', {
      hint: 'add one to the models of the configuration, such as openai/text-embedding-3-small for embeddings',
      final: true,
    })
  }
  if (vetoes.some((s) => s.veto!.code === 'budget')) {
    return new Fault('E_BUDGET', `no model fits what is left of the budget: ${list}`, {
      hint: 'raise the budget or wait for its next period',
      final: true,
    })
  }
  const passing = vetoes.some((s) => isPassing(s.veto!))
  return new Fault('E_NO_CANDIDATE', `no model can serve this request: ${list}`, {
    hint: passing ? 'try again in a moment' : 'add a model that can, or relax the rule or profile',
    final: !passing,
  })
}
