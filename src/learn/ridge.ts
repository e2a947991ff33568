import { addScaled, dot } from './dot.js'

/** A block of columns: the product of one row with weights, and its transpose. */
export interface Block {
  readonly columns: number
  dot(row: number, weights: Float64Array): number
  add(row: number, amount: number, into: Float64Array): void
}

export function denseBlock(matrix: Float32Array, columns: number, scale: number, mask?: Uint8Array): Block {
  return {
    columns,
    dot(row, weights) {
      if (mask !== undefined && mask[row] === 0) return 0
      return dot(matrix, row * columns, weights, 0, columns) * scale
    },
    add(row, amount, into) {
      if (mask !== undefined && mask[row] === 0) return
      addScaled(into, 0, amount * scale, matrix, row * columns, columns)
    },
  }
}

export function sparseBlock(start: Int32Array, column: Uint16Array, values: Float32Array, columns: number, scale: number): Block {
  return {
    columns,
    dot(row, weights) {
      let sum = 0
      for (let k = start[row]!, end = start[row + 1]!; k < end; k++) sum += values[k]! * weights[column[k]!]!
      return sum * scale
    },
    add(row, amount, into) {
      const a = amount * scale
      for (let k = start[row]!, end = start[row + 1]!; k < end; k++) {
        const c = column[k]!
        into[c]! += a * values[k]!
      }
    },
  }
}

export interface Fit {
  /** Weights of each block, scale not applied. */
  readonly weights: readonly Float64Array[]
  readonly bias: number
}

/** Minimises sum w (y - X b - c)^2 / sum w + lambda |b|^2 by conjugate gradients; c is not penalised. `y` and `w` are parallel to `rows`. */
export function ridge(blocks: readonly Block[], rows: Int32Array, y: Float64Array, w: Float64Array, lambda: number, iterations = 60): Fit {
  const n = rows.length
  const total = sum(w)
  const weight = w.map((v) => v / total)
  const predict = (b: readonly Float64Array[], out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let s = 0
      for (let k = 0; k < blocks.length; k++) s += blocks[k]!.dot(rows[i]!, b[k]!)
      out[i] = s
    }
  }
  const transpose = (r: Float64Array): Float64Array[] => {
    const out = blocks.map((block) => new Float64Array(block.columns))
    for (let i = 0; i < n; i++) for (let k = 0; k < blocks.length; k++) blocks[k]!.add(rows[i]!, r[i]! * weight[i]!, out[k]!)
    return out
  }
  const centre = (v: Float64Array): Float64Array => {
    let m = 0
    for (let i = 0; i < n; i++) m += v[i]! * weight[i]!
    return v.map((x) => x - m)
  }
  const b = blocks.map((block) => new Float64Array(block.columns))
  let r = transpose(centre(y))
  let p = r.map((v) => v.slice())
  let rr = norm(r)
  const first = rr
  const product = new Float64Array(n)
  for (let step = 0; step < iterations && rr > 1e-12 * first; step++) {
    predict(p, product)
    const q = transpose(centre(product))
    for (const [k, v] of q.entries()) addScaled(v, 0, lambda, p[k]!, 0, v.length)
    const alpha = rr / inner(p, q)
    for (const [k, v] of b.entries()) addScaled(v, 0, alpha, p[k]!, 0, v.length)
    r = r.map((v, k) => v.map((x, j) => x - alpha * q[k]![j]!))
    const next = norm(r)
    const beta = next / rr
    p = p.map((v, k) => v.map((x, j) => r[k]![j]! + beta * x))
    rr = next
  }
  predict(b, product)
  let bias = 0
  for (let i = 0; i < n; i++) bias += weight[i]! * (y[i]! - product[i]!)
  return { weights: b, bias }
}

function sum(v: Float64Array): number {
  let s = 0
  for (const x of v) s += x
  return s
}
function inner(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let s = 0
  for (const [k, v] of a.entries()) for (let j = 0; j < v.length; j++) s += v[j]! * b[k]![j]!
  return s
}
function norm(a: readonly Float64Array[]): number {
  return inner(a, a)
}
