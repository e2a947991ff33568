import { sigmoid } from '../../kit/index.js'
import type { Parts } from './score.js'
import { EXPERTS, KINDS, type Kind } from './tell-kinds.js'
import type { Vectors } from './weights-file.js'

/** A request's place under the fitted model. `failLogit` is that a cheap model fails; `gain` 0..1 ranks how much a strong one would help. */
export interface Verdict {
  readonly failLogit: number
  readonly gain: number
  readonly trust: number
}

/** Parts that are put on a common scale by mean and standard deviation over out-of-fold predictions. */
export const SCALED = ['gain', 'hand', 'robust', 'axis', 'length'] as const
type Scaled = Readonly<Record<(typeof SCALED)[number], number>>

/** Prior odds of the kinds: issues are hard to distinguish from other long texts. These and the figures below by cross-validation. */
const ODDS: Readonly<Record<Kind, number>> = { exam: 1, contest: 1, call: 1, japanese: 1, issue: 0.12 }
/** Share below which an expert is not asked, and from which a text is an issue and nothing else. */
const ASKED_FROM = 0.01
const ISSUE_FROM = 0.8
/** Mean gain of the exam kinds and the spread of a fitted gain: by these a kind's gain in points is put on the common scale. */
const MEAN_GAIN = 0.14
const GAIN_SPREAD = 0.1
/** Repository issues: sonnet against haiku gained 0.10 there, alike for all that their text says. */
const ISSUE_GAIN = 0.1
/** Out-of-fold spread, in points of gain, given to each expert's ranking within its kind. */
const EXPERT_SPREAD: Readonly<Record<string, number>> = { contest: 0.03, call: 0.1, japanese: 0.1 }
/** How much of the prior score is added where the expert knows only calls of tools. */
const CALL_PRIOR = 0.4
/** Trust to this power is an expert's: it is asked for texts of its kind only, so it may be trusted further from its data. */
const EXPERT_TRUST = 0.3

/** In-domain and prior scores on scaled parts, each still to be divided by its own spread. */
export function domainScore(z: Scaled): number {
  return z.gain + 0.1 * z.hand + 0.2 * z.length
}
export function priorScore(z: Scaled): number {
  return z.hand + z.axis + z.robust
}

/** Puts the parts together; `length` is ln(1 + characters) and `shape` the hand-made logit of failure. */
export function combine(parts: Parts, length: number, shape: number, vectors: Vectors): Verdict {
  const spread = vectors['spread.scalars']!
  const z = putOnScale({ gain: parts.gain, hand: parts.hand, robust: parts.robust, axis: parts.axis, length }, vectors['scale.scalars']!)
  const prior = priorScore(z) / spread[1]!
  const shares = shareKinds(parts.kinds)
  const t = parts.trust
  const platt = vectors['platt.scalars']!
  const line = (k: number, value: number): number => platt[2 * k]! + platt[2 * k + 1]! * value
  const issue = shares[KINDS.indexOf('issue')]!
  const issueGain = (ISSUE_GAIN - MEAN_GAIN) / GAIN_SPREAD
  const expertTrust = t ** EXPERT_TRUST
  const between = (trust: number, known: number): number => trust * known + (1 - trust) * prior
  // A text that is perhaps an issue is judged by the prior; one that surely is, like all issues.
  let score = shares[0]! * between(t, domainScore(z) / spread[0]!) + issue * prior
  let fail = shares[0]! * line(0, parts.fail) + issue * line(1, 0)
  for (const [k, kind] of EXPERTS.entries()) {
    const share = shares[KINDS.indexOf(kind)]!
    if (share < ASKED_FROM) continue
    const [mean, sd, level] = [spread[2 + 3 * k]!, spread[3 + 3 * k]!, spread[4 + 3 * k]!]
    const points = level + (EXPERT_SPREAD[kind]! * (parts.expertGain[k]! - mean)) / sd
    score += share * between(expertTrust, (points - MEAN_GAIN) / GAIN_SPREAD + (kind === 'call' ? CALL_PRIOR * prior : 0))
    fail += share * line(2 + k, parts.expertFail[k]!)
  }
  const gain = issue >= ISSUE_FROM ? issueGain : score
  // Away from the data the failure probability is half the fitted axis', half the hand-made shape's.
  const away = 0.5 * line(5, parts.axisFail) + 0.5 * shape
  return { failLogit: t * fail + (1 - t) * away, gain: sigmoid(gain), trust: t }
}

function putOnScale(raw: Scaled, scale: Float32Array): Scaled {
  const z = { ...raw }
  for (const [i, name] of SCALED.entries()) z[name] = (raw[name] - scale[2 * i]!) / scale[2 * i + 1]!
  return z
}

function shareKinds(probabilities: Float64Array): Float64Array {
  const shares = probabilities.map((p, k) => p * ODDS[KINDS[k]!])
  const total = shares.reduce((a, b) => a + b, 0)
  return shares.map((s) => s / total)
}
