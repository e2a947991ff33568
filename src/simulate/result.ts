import type { Imagined } from './imagine.js'
import { intervals } from './interval.js'
import type { LogCheck } from './log-check.js'
import type { Behaviour } from './measure-models.js'
import { quantile, type Tally } from './tally.js'
import type { Evidence, Simulation } from './types.js'

/** Fewer observations of a model than this make its predictions insufficient. */
const ENOUGH_CALLS = 30

/** Everything that a pass over the log gave, as a result. */
export function resultOf({ alternative, tally, excluded }: Imagined, check: LogCheck, behaviour: Behaviour): Simulation {
  const { cost, quality, savings } = intervals(tally, behaviour)
  const sessions = [...tally.sessions.values()]
  const judged = sessions.reduce((n, s) => n + s.judged, 0)
  return {
    policy: alternative.name,
    calls: tally.calls,
    sessions: sessions.length,
    sinceMs: check.sinceMs,
    untilMs: check.untilMs,
    reproduced: check.reproduced,
    rechained: check.rechained,
    repriced: check.repriced,
    olderEngine: check.olderEngine,
    excluded: [...excluded].map(([reason, calls]) => ({ reason, calls })),
    actual: {
      cost: sessions.reduce((sum, s) => sum + s.actualCost, 0),
      quality: judged === 0 ? 0 : tally.actualQuality / judged,
      p50Ms: quantile(tally.actualMs, 0.5),
      p95Ms: quantile(tally.actualMs, 0.95),
    },
    simulated: { cost, quality, p50Ms: quantile(tally.simulatedMs, 0.5), p95Ms: quantile(tally.simulatedMs, 0.95) },
    savings,
    changed: tally.changed,
    byModel: [...tally.models.values()].sort((a, b) => b.simulatedCost - a.simulatedCost || (a.model < b.model ? -1 : 1)),
    movers: tally.movers.result(),
    ...doubtsOf(tally, behaviour),
  }
}

/** How far the log supports the result. */
function doubtsOf(tally: Tally, behaviour: Behaviour): { readonly evidence: Evidence; readonly doubts: readonly string[] } {
  const doubts: string[] = []
  let thin = 0
  for (const { model, actualCalls, simulatedCalls } of tally.models.values()) {
    const seen = behaviour.observed(model)
    if (simulatedCalls === 0 || simulatedCalls <= actualCalls || seen >= ENOUGH_CALLS) continue
    thin += simulatedCalls
    doubts.push(`${model} answered ${seen} of the logged calls and would answer ${simulatedCalls}`)
  }
  if (tally.sessions.size < ENOUGH_CALLS) doubts.push(`there are only ${tally.sessions.size} sessions`)
  const evidence = doubts.length === 0 ? 'sufficient' : thin > tally.calls / 2 ? 'insufficient' : 'weak'
  return { evidence, doubts }
}
