import { FEATURE_NAMES } from '../features/index.js'

const D = FEATURE_NAMES.length
/** Columns that are summed side by side. */
const ABREAST = 4

/**
 * Several linear models over the same standardised features, laid out for one pass. Most features of a short text are 0, so the products of
 * a text without any feature are computed once, and a text's products are these plus the changes from its features.
 */
export interface Panel {
  readonly mu: Float32Array
  readonly sd: Float32Array
  /** Standardised value of each feature where it is 0. */
  readonly rest: Float64Array
  /** Each column's product with `rest`. */
  readonly base: Float64Array
  /** Four columns abreast, feature by feature. */
  readonly columns: Float64Array
}

/** A panel of columns of `D` numbers each. */
export function layPanel(mu: Float32Array, sd: Float32Array, columns: readonly Float32Array[]): Panel {
  const width = Math.ceil(columns.length / ABREAST) * ABREAST
  const rest = Float64Array.from(mu, (m, j) => clip((0 - m) / sd[j]!))
  const base = new Float64Array(width)
  const laid = new Float64Array(width * D)
  for (const [k, column] of columns.entries()) {
    const block = (k - (k % ABREAST)) * D + (k % ABREAST)
    for (let j = 0; j < D; j++) {
      laid[block + j * ABREAST] = column[j]!
      base[k]! += rest[j]! * column[j]!
    }
  }
  return { mu, sd, rest, base, columns: laid }
}

/** Standardised features are clipped at three standard deviations. */
export function clip(z: number): number {
  return z > 3 ? 3 : Math.max(z, -3)
}

const change = new Float64Array(D)
const place = new Int32Array(D)

/** The product of the standardised features with every column of the panel, into `out`. */
export function multiplyPanel({ mu, sd, rest, base, columns }: Panel, dense: readonly number[], out: Float64Array): void {
  let n = 0
  for (let j = 0; j < D; j++) {
    const f = dense[j]!
    if (f === 0) continue
    change[n] = clip((f - mu[j]!) / sd[j]!) - rest[j]!
    place[n++] = j * ABREAST
  }
  for (let k = 0; k < base.length; k += ABREAST) {
    const block = k * D
    let s0 = base[k]!
    let s1 = base[k + 1]!
    let s2 = base[k + 2]!
    let s3 = base[k + 3]!
    for (let i = 0; i < n; i++) {
      const v = change[i]!
      const at = block + place[i]!
      s0 += v * columns[at]!
      s1 += v * columns[at + 1]!
      s2 += v * columns[at + 2]!
      s3 += v * columns[at + 3]!
    }
    out[k] = s0
    out[k + 1] = s1
    out[k + 2] = s2
    out[k + 3] = s3
  }
}
