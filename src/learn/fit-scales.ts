import { domainScore, EXPERTS, KINDS, type Parts, priorScore, SCALED, type Vectors } from '../classify/index.js'
import { sigmoid } from '../kit/index.js'
import type { Labelled } from './design.js'
import { meanAndSd } from './metrics.js'

/**
 * Gain in points at which each expert's kind is placed relative to the others. Contests and Japanese by sonnet's gain over haiku or a
 * frontier model's over small ones; calls gained 0.16, but requests mistaken for calls gain less.
 */
const LEVEL: Readonly<Record<string, number>> = { contest: 0.26, call: 0.08, japanese: 0.24 }

/** The common scales of the parts and the calibration lines, from predictions out of fold. */
export function fitScales({ labels, design }: Labelled, parts: readonly (Parts | undefined)[]): Vectors {
  const rows = Array.from(parts.keys()).filter((i) => parts[i] !== undefined)
  const exam = rows.filter((i) => labels[i]?.kind === 'exam' && Number.isFinite(labels[i]?.gain))
  const part = (i: number): Parts => parts[i]!
  const raw = (i: number): Record<(typeof SCALED)[number], number> => ({
    gain: part(i).gain,
    hand: part(i).hand,
    robust: part(i).robust,
    axis: part(i).axis,
    length: design.length[i]!,
  })
  const scale = SCALED.map((name) => spreadOf(exam.map((i) => raw(i)[name])))
  const z = (i: number): Record<(typeof SCALED)[number], number> => {
    const values = raw(i)
    for (const [k, name] of SCALED.entries()) values[name] = (values[name] - scale[k]!.mean) / scale[k]!.sd
    return values
  }
  const spread = [spreadOf(exam.map((i) => domainScore(z(i)))).sd, spreadOf(exam.map((i) => priorScore(z(i)))).sd]
  const line = (own: readonly number[], score: (p: Parts) => number): readonly [number, number] => {
    const known = own.filter((i) => Number.isFinite(labels[i]?.fail))
    return known.length === 0
      ? [0, 1]
      : fitPlatt(
          known.map((i) => score(part(i))),
          known.map((i) => labels[i]!.fail),
        )
  }
  const issue = line(ofKind('issue'), () => 0)
  const platt = [...line(exam, (p) => p.fail), issue[0], 0]
  for (const [k, kind] of EXPERTS.entries()) {
    const own = ofKind(kind).filter((i) => part(i).kinds[KINDS.indexOf(kind)]! >= 0.01)
    const { mean, sd } = spreadOf(own.map((i) => part(i).expertGain[k]!))
    spread.push(mean, sd, LEVEL[kind]!)
    platt.push(...line(own, (p) => p.expertFail[k]!))
  }
  platt.push(...line(exam, (p) => p.axisFail))
  return {
    'scale.scalars': Float32Array.from(scale.flatMap((s) => [s.mean, s.sd])),
    'spread.scalars': Float32Array.from(spread),
    'platt.scalars': Float32Array.from(platt),
  }

  function ofKind(kind: string): number[] {
    return rows.filter((i) => labels[i]?.kind === kind)
  }
}

function spreadOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const { mean, sd } = meanAndSd(values)
  return { mean, sd: sd > 1e-9 ? sd : 1 }
}

/** Line through which a score becomes the logit of a probability: [offset, slope], fitted to soft labels by Newton's method, slope at least 0. */
function fitPlatt(scores: readonly number[], labels: readonly number[]): readonly [number, number] {
  let a = 0
  let b = 1
  for (let round = 0; round < 30; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 1e-3 * (b - 1), 1e-6, 0, 1e-3]
    for (let i = 0; i < scores.length; i++) {
      const s = scores[i]!
      const p = sigmoid(a + b * s)
      const g = p - labels[i]!
      const h = Math.max(1e-6, p * (1 - p))
      ga += g
      gb += g * s
      haa += h
      hab += h * s
      hbb += h * s * s
    }
    const det = haa * hbb - hab * hab
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det]
    a -= da
    b -= db
    if (Math.abs(da) + Math.abs(db) < 1e-7) break
  }
  return [a, Math.max(0, b)]
}
