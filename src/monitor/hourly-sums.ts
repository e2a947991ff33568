import { HOUR_MS } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import { findNotional } from '../report/index.js'

const SUMMED = ['calls', 'costNano', 'notionalNano', 'unpriced', 'compared', 'comparedCostNano', 'baselineCostNano'] as const

/** The totals of a time span, as far as the monitor shows them; amounts paid with clients' own credentials are separate, and not compared. */
export type Sums = Readonly<Record<(typeof SUMMED)[number], number>>

export interface HourlySums {
  readonly hourMs: number
  /** Null answered nothing. */
  readonly model: string | null
  readonly sums: Sums
}

export const NOTHING = Object.fromEntries(SUMMED.map((name) => [name, 0])) as Sums

/** Live traffic by hour and model. */
export function hourlySums(ledger: Ledger, since: number, until?: number): readonly HourlySums[] {
  const range = { since, ...(until === undefined ? {} : { until }) }
  const { models, calls } = findNotional(ledger, range)
  const rows = ledger.rollups({ by: ['hour', 'model'], source: null, ...range }).map(({ hourMs, by, ...sums }): HourlySums => {
    const { costNano, ...rest } = { ...NOTHING, calls: sums.calls, unpriced: sums.unpriced, costNano: sums.costNano }
    const model = by.model ?? null
    if (models.has(model ?? '')) return { hourMs: hourMs ?? 0, model, sums: { ...rest, costNano: 0, notionalNano: costNano } }
    const { compared, comparedCostNano, baselineCostNano } = sums
    return { hourMs: hourMs ?? 0, model, sums: { ...rest, costNano, compared, comparedCostNano, baselineCostNano } }
  })
  const unbilled = calls.map(({ decidedAtMs, model, costNano, baselineCostNano }): HourlySums => {
    const cost = costNano ?? 0
    const compared = costNano !== null && baselineCostNano !== null
    const less = compared ? { compared: -1, comparedCostNano: -cost, baselineCostNano: -baselineCostNano } : {}
    return {
      hourMs: Math.floor(decidedAtMs / HOUR_MS) * HOUR_MS,
      model,
      sums: { ...NOTHING, costNano: -cost, notionalNano: cost, ...less },
    }
  })
  return [...rows, ...unbilled]
}

export function plus(a: Sums, b: Sums): Sums {
  return Object.fromEntries(SUMMED.map((name) => [name, a[name] + b[name]])) as Sums
}
