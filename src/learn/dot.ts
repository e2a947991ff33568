/** Numbers in a row; matrices are stored row by row. */
type Numbers = Float32Array | Float64Array

/** Product of `length` numbers of `a` from `fromA` with those of `b` from `fromB`. */
export function dot(a: Numbers, fromA: number, b: Numbers, fromB: number, length: number): number {
  let sum = 0
  for (let j = 0; j < length; j++) sum += a[fromA + j]! * b[fromB + j]!
  return sum
}

/** Adds `factor` times `length` numbers of `values`, from `from`, to `into`, from `to`. */
export function addScaled(into: Float64Array, to: number, factor: number, values: Numbers, from: number, length: number): void {
  for (let j = 0; j < length; j++) into[to + j]! += factor * values[from + j]!
}
