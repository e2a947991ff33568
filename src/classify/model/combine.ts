import { EXPERTS, KINDS, type Parts } from './score.js'
import type { Vectors } from './weights-file.js'

/** A request's place under the fitted model. `failLogit` is that a cheap model fails; `gain` 0..1 ranks how much a strong one would help. */
export interface Verdict {
  readonly failLogit: number
  readonly gain: number
  readonly trust: number
}

/** Names of the parts that are put on a common scale by mean and standard deviation over out-of-fold predictions. */
export const SCALED = ['gain', 'hand', 'robust', 'axis', 'length'] as const

/** Mean gain of the exam kinds and the spread of a fitted gain: by these a kind's gain in points is put on the common scale. */
const MEAN_GAIN = 0.14
const GAIN_SPREAD = 0.1
/** Repository issues: sonnet against haiku gained 0.10 there, alike for all that their text says. */
const ISSUE_GAIN = 0.1
/** Out-of-fold spread, in points of gain, given to each expert's ranking within its kind. */
const EXPERT_SPREAD: Readonly<Record<string, number>> = { contest: 0.03, call: 0.1, japanese: 0.1 }

/** In-domain score D and prior score O, both of unit spread, on scaled parts. */
export function domainScore(z: Readonly<Record<(typeof SCALED)[number], number>>): number {
  return z.gain + 0.2 * z.hand + 0.3 * z.length
}
export function priorScore(z: Readonly<Record<(typeof SCALED)[number], number>>): number {
  return z.hand + z.axis + z.robust
}

export function combine(parts: Parts, length: number, shape: number, vectors: Vectors): Verdict {
  const scale = vectors['scale.scalars'] as Float32Array
  const raw = { gain: parts.gain, hand: parts.hand, robust: parts.robust, axis: parts.axis, length }
  const z = { gain: 0, hand: 0, robust: 0, axis: 0, length: 0 }
  for (const [i, name] of SCALED.entries()) z[name] = (raw[name] - (scale[2 * i] as number)) / (scale[2 * i + 1] as number)
  const spread = vectors['spread.scalars'] as Float32Array
  const domain = domainScore(z) / (spread[0] as number)
  const prior = priorScore(z) / (spread[1] as number)
  const platt = vectors['platt.scalars'] as Float32Array
  const line = (k: number, value: number): number => (platt[2 * k] as number) + (platt[2 * k + 1] as number) * value
  let gain =
    (parts.kinds[0] as number) * domain + (parts.kinds[KINDS.indexOf('issue')] as number) * ((ISSUE_GAIN - MEAN_GAIN) / GAIN_SPREAD)
  let fail = (parts.kinds[0] as number) * line(0, parts.fail) + (parts.kinds[KINDS.indexOf('issue')] as number) * line(1, 0)
  for (const [k, kind] of EXPERTS.entries()) {
    const share = parts.kinds[KINDS.indexOf(kind)] as number
    const [mean, sd, level] = [spread[2 + 3 * k] as number, spread[3 + 3 * k] as number, spread[4 + 3 * k] as number]
    const points = level + ((EXPERT_SPREAD[kind] as number) * ((parts.expertGain[k] as number) - mean)) / sd
    gain += (share * (points - MEAN_GAIN)) / GAIN_SPREAD
    fail += share * line(2 + k, parts.expertFail[k] as number)
  }
  const t = parts.trust
  const mixed = t * gain + (1 - t) * prior
  // Away from the data the failure probability is half the fitted axis', half the hand-made shape's.
  const away = 0.5 * line(5, parts.axisFail) + 0.5 * shape
  return { failLogit: t * fail + (1 - t) * away, gain: 1 / (1 + Math.exp(-mixed)), trust: t }
}
