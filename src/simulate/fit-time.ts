/** Milliseconds of an answer: a part that is always there, and parts an output token and a new prompt token. */
export interface TimeLine {
  readonly fixed: number
  readonly perOutput: number
  readonly perPrompt: number
}

/** Fewer answers than this say too little of three numbers. */
const ENOUGH = 20
/** Keeps nearly identical columns separable, relative to their own size. */
const RIDGE = 1e-3

/** Answers that reading a prompt of this many tokens as fast as all models together do counts as: short prompts say nothing of it. */
const POOLED = { answers: 20, tokens: 4000 } as const

/**
 * Least squares of relative errors from the sums of `addTime`, nothing negative; null when a model was seen too seldom. `perPrompt` is what a
 * model that was never given a long prompt is taken to need for a token of it.
 */
export function fitTime(sums: Float64Array | undefined, perPrompt: number | null): TimeLine | null {
  if (sums === undefined || sums[9]! < ENOUGH) return null
  const pull = perPrompt === null ? 0 : (POOLED.answers * POOLED.tokens ** 2 * sums[0]!) / sums[9]!
  const [aa = 0, ab = 0, ac = 0, bb = 0, bc = 0, cc = 0, ya = 0, yb = 0, yc = 0] = sums
  const matrix = [
    [aa, ab, ac],
    [ab, bb, bc],
    [ac, bc, cc + pull],
  ]
  let used = [0, 1, 2].filter((i) => matrix[i]![i]! > 0)
  for (;;) {
    const x = solve(
      used.map((i) => used.map((j) => matrix[i]![j]! * (i === j ? 1 + RIDGE : 1))),
      used.map((i) => [ya, yb, yc + pull * (perPrompt ?? 0)][i]!),
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
