/** Numbers to which a request's standardised features are projected before distances are taken. */
export const PROJECTED = 40
/** Squared length scale of the radial basis functions, doubled. */
const RBF_WIDTH = 2 * 4 * 4
/** Distance to the nearest centre at which a fitted model is trusted half, and how fast trust falls. */
const TRUST_AT = 7.7
const TRUST_WIDTH = 0.7
const ABREAST = 4

/** Centres of the training data, four abreast, with their squared lengths. */
export interface Centres {
  readonly count: number
  readonly laid: Float64Array
  readonly norms: Float64Array
}

export function layCentres(centres: Float32Array): Centres {
  const count = centres.length / PROJECTED
  const padded = Math.ceil(count / ABREAST) * ABREAST
  const laid = new Float64Array(padded * PROJECTED)
  const norms = new Float64Array(padded)
  for (let c = 0; c < count; c++)
    for (let p = 0; p < PROJECTED; p++) {
      const v = centres[c * PROJECTED + p]!
      laid[(c - (c % ABREAST)) * PROJECTED + p * ABREAST + (c % ABREAST)] = v
      norms[c]! += v * v
    }
  return { count, laid, norms }
}

/** Squared distances of a projected request to the centres, into `out`: |p - c|^2 = |p|^2 - 2 pc + |c|^2, because a product is faster. */
export function squaredDistances(projected: Float64Array, { laid, norms }: Centres, out: Float64Array): void {
  let own = 0
  for (let p = 0; p < PROJECTED; p++) own += projected[p]! ** 2
  for (let c = 0, at = 0; c < norms.length; c += ABREAST) {
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let p = 0; p < PROJECTED; p++, at += ABREAST) {
      const v = projected[p]!
      s0 += v * laid[at]!
      s1 += v * laid[at + 1]!
      s2 += v * laid[at + 2]!
      s3 += v * laid[at + 3]!
    }
    out[c] = Math.max(0, own - 2 * s0 + norms[c]!)
    out[c + 1] = Math.max(0, own - 2 * s1 + norms[c + 1]!)
    out[c + 2] = Math.max(0, own - 2 * s2 + norms[c + 2]!)
    out[c + 3] = Math.max(0, own - 2 * s3 + norms[c + 3]!)
  }
}

export function radial(squared: number): number {
  return Math.exp(-squared / RBF_WIDTH)
}

export function trustAt(distance: number): number {
  return 1 / (1 + Math.exp((distance - TRUST_AT) / TRUST_WIDTH))
}
