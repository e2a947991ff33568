import { addTo, entry, logit, type Nano, usdFromNano } from '../kit/index.js'
import type { DecideInput, Plan, Step } from '../policy/index.js'
import { routeName } from './group-rows.js'
import type { SeenCall } from './look-at-calls.js'

/** A candidate is as good when its predicted quality is at most this much below. */
const AS_GOOD = 0.02
/** And worth naming when it was expected to cost at most this share. */
const MUCH_CHEAPER = 0.5
/** Calls named per route, the surest first. */
const NAMED = 5

/** Calls of one route where a cheaper candidate was predicted to be as good. */
export type OverProvisionedRoute = Readonly<ReturnType<typeof describe>>

interface Tally {
  cost: Nano
  avoidable: Nano
  readonly sure: { readonly call: string; readonly sure: number; readonly quality: number }[]
  readonly cheaper: Map<string, number>
}

/**
 * Routes where a much cheaper candidate was predicted to be as good as the model that answered, most expensive first. Calls that named a
 * model count too: the other candidates were evaluated for them as well.
 */
export function overProvisionedRoutes(calls: readonly SeenCall[]) {
  const tallies = new Map<string, Tally>()
  for (const { call, decision } of calls) {
    if (call.status !== 'ok' || decision === null) continue
    const answered = decision.plan.steps.find((step) => step.model === call.model)
    const cheaper = answered === undefined ? null : cheaperAsGood(answered, decision.plan)
    if (answered === undefined || cheaper === null) continue
    const tally = entry(tallies, routeName(call), () => ({ cost: 0, avoidable: 0, sure: [], cheaper: new Map() }))
    tally.cost += call.costNano ?? 0
    tally.avoidable += (answered.cost ?? 0) - (cheaper.cost ?? 0)
    tally.sure.push({ call: call.id, sure: howSure(answered, cheaper, decision.input), quality: cheaper.quality })
    addTo(tally.cheaper, cheaper.model)
  }
  return [...tallies].map(([route, tally]) => describe(route, tally)).sort((a, b) => b.avoidableUsd - a.avoidableUsd)
}

function describe(route: string, { cost, avoidable, sure, cheaper }: Tally) {
  const mean = (value: (s: Tally['sure'][number]) => number) => sure.reduce((total, s) => total + value(s), 0) / sure.length
  return {
    route,
    calls: sure.length,
    costUsd: usdFromNano(cost),
    /** Most often the cheaper candidate. */
    cheaperModel: [...cheaper].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '',
    /** Difference of the expected costs at the time of each decision. */
    avoidableUsd: usdFromNano(avoidable),
    /** How sure: mean probability that the cheaper one is as good, given how well the abilities of both are known. */
    sure: mean((s) => s.sure),
    /** Its mean predicted quality on these calls. */
    cheaperQuality: mean((s) => s.quality),
    /** A few of the calls, the surest first. */
    examples: [...sure]
      .sort((a, b) => b.sure - a.sure)
      .slice(0, NAMED)
      .map((s) => s.call),
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

/**
 * Probability that the cheaper model is as good, from how well both abilities are known: their difference is assumed normal, on the logit
 * scale on which quality is predicted.
 */
function howSure(answered: Step, cheaper: Step, { models }: DecideInput): number {
  const of = (step: Step) => models.find((m) => m.rev.id === step.model)
  const sd = Math.hypot(of(answered)?.abilitySd ?? 0, of(cheaper)?.abilitySd ?? 0)
  const gap = clippedLogit(cheaper.quality) - clippedLogit(answered.quality - AS_GOOD)
  return sd === 0 ? Number(gap >= 0) : normalCdf(gap / sd)
}

function clippedLogit(q: number): number {
  return logit(Math.max(1e-6, Math.min(1 - 1e-6, q)))
}

/** Zelen and Severo's approximation (Abramowitz and Stegun 26.2.17), right to 7.5e-8. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const upper = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return x >= 0 ? 1 - upper : upper
}
