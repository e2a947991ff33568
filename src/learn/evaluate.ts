import { combine, type Parts, type Vectors, type Verdict } from '../classify/index.js'
import { sigmoid } from '../kit/index.js'
import type { Labelled } from './design.js'
import { apgr, apgrInterval, auc, calibration, type Ranked } from './metrics.js'
import { scoreRow } from './out-of-fold.js'

export type GainResult = Readonly<ReturnType<typeof measureGain>>
export type DifficultyResult = Readonly<ReturnType<typeof measureDifficulty>>

/** Rows of a set by index, with the scores of the strong and the weak side. */
interface Selection {
  readonly set: string
  readonly rows: readonly { readonly row: number; readonly strong: number; readonly weak: number }[]
}

/** The pair of models that is pooled over coding, calls and issues. */
const POOLED: Readonly<Record<string, readonly [strong: string, weak: string]>> = {
  lcb_codegen: ['Claude-3.5-Sonnet-20240620', 'Claude-3-Haiku'],
  bfcl_v1: ['claude-3-5-sonnet-20240620', 'claude-3-haiku-20240307'],
  swebench: ['20241022_tools_claude-3-5-sonnet-updated', '20241022_tools_claude-3-5-haiku'],
}

export function select({ rows, labels }: Labelled, set: string, keep: (row: number) => boolean): Selection {
  const chosen = rows.flatMap((_, row) => {
    const { strong, weak } = labels[row]!
    return keep(row) && Number.isFinite(strong - weak) ? [{ row, strong, weak }] : []
  })
  return { set, rows: chosen }
}

export function selectPooled({ rows }: Labelled): Selection {
  const chosen = rows.flatMap((r, row) => {
    const pair = POOLED[r.source]
    const strong = r.models[pair?.[0] ?? '']
    const weak = r.models[pair?.[1] ?? '']
    return strong === undefined || weak === undefined ? [] : [{ row, strong, weak }]
  })
  return { set: 'sonnet against haiku, pooled', rows: chosen }
}

function verdictOf({ design }: Labelled, parts: Parts, row: number, vectors: Vectors): Verdict {
  return combine(parts, design.length[row]!, design.shape[row]!, vectors)
}

/**
 * How well `gain` ranks one set of questions, beside ranking by length; a random order has 0.5. `parts` as scored out of fold; rows without
 * parts are left out.
 */
export function measureGain(data: Labelled, { set, rows }: Selection, parts: readonly (Parts | undefined)[], vectors: Vectors) {
  const scored = rows.filter(({ row }) => parts[row] !== undefined)
  const ranked = scored.map(({ row, strong, weak }): Ranked => ({ score: verdictOf(data, parts[row]!, row, vectors).gain, strong, weak }))
  const byLength = scored.map(({ row, strong, weak }): Ranked => ({ score: data.rows[row]?.prompt.length ?? 0, strong, weak }))
  return { set, n: ranked.length, apgr: apgr(ranked), interval: apgrInterval(ranked), length: apgr(byLength) }
}

/** How well `difficulty` predicts where cheap models fail: `auc` against "more than half of them fail", and `length`, that of length. */
export function measureDifficulty(data: Labelled, { set, rows }: Selection, parts: readonly (Parts | undefined)[], vectors: Vectors) {
  const known = rows.filter(({ row }) => parts[row] !== undefined && Number.isFinite(data.labels[row]?.fail))
  const predicted = known.map(({ row }) => sigmoid(verdictOf(data, parts[row]!, row, vectors).failLogit))
  const observed = known.map(({ row }) => data.labels[row]!.fail)
  const fails = observed.map((fail) => fail > 0.5)
  const length = known.map(({ row }) => data.rows[row]?.prompt.length ?? 0)
  return { set, n: known.length, auc: auc(predicted, fails), length: auc(length, fails), ...calibration(predicted, observed) }
}

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
