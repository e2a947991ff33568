import { Fault, type Nano, usdFromNano } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Plan, Step } from '../policy/index.js'
import { routeName } from './group-rows.js'
import { type Decision, decisionReader } from './read-decision.js'
import type { OverProvisionedRoute } from './report.js'

/** The newest calls that are looked at: decisions are read one by one. */
const LOOKED_AT = 5000
/** A candidate is as good when its predicted quality is at most this much below. */
const AS_GOOD = 0.02
/** And worth naming when it was expected to cost at most this share. */
const MUCH_CHEAPER = 0.5

interface Tally {
  calls: number
  cost: Nano
  avoidable: Nano
  readonly cheaper: Map<string, number>
}

/**
 * Routes where a much cheaper candidate was predicted to be as good as the one that answered, dearest first. Calls that named a model
 * count too: the other candidates were judged for them as well.
 */
export function overProvisionedRoutes(ledger: Ledger, range: { since?: number; until?: number }): readonly OverProvisionedRoute[] {
  const read = decisionReader(ledger)
  const tallies = new Map<string, Tally>()
  for (const call of ledger.listCalls({ ...range, source: null, status: 'ok', limit: LOOKED_AT })) {
    const detail = ledger.getCall(call.id)
    if (detail === null) continue
    const plan = planOf(() => read(detail.decision))
    const answered = plan?.steps.find((step) => step.model === call.model)
    const cheaper = answered === undefined || plan === null ? null : cheaperAsGood(answered, plan)
    if (answered === undefined || cheaper === null) continue
    const name = routeName(call)
    const tally = tallies.get(name) ?? { calls: 0, cost: 0, avoidable: 0, cheaper: new Map<string, number>() }
    tally.calls++
    tally.cost += call.costNano ?? 0
    tally.avoidable += (answered.cost ?? 0) - (cheaper.cost ?? 0)
    tally.cheaper.set(cheaper.model, (tally.cheaper.get(cheaper.model) ?? 0) + 1)
    tallies.set(name, tally)
  }
  return [...tallies]
    .map(([route, { calls, cost, avoidable, cheaper }]) => ({
      route,
      calls,
      costUsd: usdFromNano(cost),
      cheaperModel: [...cheaper].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '',
      avoidableUsd: usdFromNano(avoidable),
    }))
    .sort((a, b) => b.avoidableUsd - a.avoidableUsd)
}

/** Null for a record of a version that cannot be read any more: a report does without it. */
function planOf(read: () => Decision): Plan | null {
  try {
    return read().plan
  } catch (error) {
    if (error instanceof Fault && error.code === 'E_LEDGER') return null
    throw error
  }
}

function cheaperAsGood(answered: Step, { steps }: Plan): Step | null {
  const limit = (answered.cost ?? 0) * MUCH_CHEAPER
  const candidates = steps.filter(
    ({ veto, cost, quality }) =>
      (veto === null || veto.code === 'pinned') && cost !== null && cost <= limit && quality >= answered.quality - AS_GOOD,
  )
  return candidates.sort((a, b) => (a.cost ?? 0) - (b.cost ?? 0))[0] ?? null
}
