/** Milliseconds of an answer: a part that is always there, and parts an output token and a new prompt token. */
export interface TimeLine {
  readonly fixed: number
  readonly perOutput: number
  readonly perPrompt: number
}

/** Fewer answers than this say too little of three numbers. */
const ENOUGH = 20
/** Keeps columns that are nearly alike apart, relative to their own size. */
const RIDGE = 1e-3

/** Least squares of relative errors from the sums of `addTime`, nothing negative; null when a model was seen too seldom. */
export function fitTime(sums: Float64Array | undefined): TimeLine | null {
  if (sums === undefined || sums[9]! < ENOUGH) return null
  const [aa, ab, ac, bb, bc, cc, ya, yb, yc] = sums as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const matrix = [
    [aa, ab, ac],
    [ab, bb, bc],
    [ac, bc, cc],
  ]
  let used = [0, 1, 2].filter((i) => matrix[i]![i]! > 0)
  for (;;) {
    const x = solve(
      used.map((i) => used.map((j) => matrix[i]![j]! * (i === j ? 1 + RIDGE : 1))),
      used.map((i) => [ya, yb, yc][i]!),
    )
    const negative = x.findIndex((v) => v < 0)
    if (negative < 0) {
      const of = (i: number) => x[used.indexOf(i)] ?? 0
      return { fixed: of(0), perOutput: of(1), perPrompt: of(2) }
    }
    used = used.filter((_, i) => i !== negative)
  }
}

/** Gauss elimination of a small positive definite system. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const f = matrix[k]![i]! / matrix[i]![i]!
      for (let j = i; j < n; j++) matrix[k]![j]! -= f * matrix[i]![j]!
      right[k]! -= f * right[i]!
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) right[i]! -= matrix[i]![j]! * right[j]!
    right[i]! /= matrix[i]![i]!
  }
  return right
}
