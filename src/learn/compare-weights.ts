import type { Parts, Vectors } from '../classify/index.js'
import { sigmoid } from '../kit/index.js'
import type { Labelled } from './design.js'
import { verdictOf } from './evaluate.js'
import { scoreRow } from './out-of-fold.js'

/** Mean log loss of a predicted probability, in nats a question, by two sets of weights on the same questions. */
export interface Comparison {
  readonly rows: number
  readonly before: number
  readonly after: number
  /** `before - after`, with its standard error over questions. */
  readonly gain: number
  readonly gainSe: number
}

/** The weights in use against those fitted out of fold; questions without a share of failures are left out. */
export function compareWeights(data: Labelled, present: Vectors, parts: readonly (Parts | undefined)[], scales: Vectors): Comparison {
  const rows = data.rows.flatMap((_, row) => {
    const own = parts[row]
    const fail = data.labels[row]?.fail ?? Number.NaN
    if (own === undefined || !Number.isFinite(fail)) return []
    const old = logLoss(fail, verdictOf(data, scoreRow(data, present, row), row, present).failLogit)
    return [{ old, fresh: logLoss(fail, verdictOf(data, own, row, scales).failLogit) }]
  })
  const n = rows.length
  if (n === 0) return { rows: 0, before: 0, after: 0, gain: 0, gainSe: 0 }
  const before = rows.reduce((sum, r) => sum + r.old, 0) / n
  const after = rows.reduce((sum, r) => sum + r.fresh, 0) / n
  const gain = before - after
  const variance = rows.reduce((sum, r) => sum + (r.old - r.fresh - gain) ** 2, 0) / Math.max(1, n - 1)
  return { rows: n, before, after, gain, gainSe: Math.sqrt(variance / n) }
}

/** Of an observed share, 0 to 1, under the probability of a logit, in nats. */
export function logLoss(observed: number, logit: number): number {
  const p = Math.max(1e-6, Math.min(1 - 1e-6, sigmoid(logit)))
  return -(observed * Math.log(p) + (1 - observed) * Math.log(1 - p))
}
