/** Answers that a conversation went on from: their number, output tokens (x), reference tokens in the next prompt (y), x², xy. */
export const KEPT_SUMS = 5

/** A model's slope leans on that of all models as if it had been seen this often. */
const LEAN = 10

/**
 * Reference tokens that an output token adds to the conversation: the slope of a line, since every message has its own tokens. Reasoning
 * that clients leave out makes it small. If nothing is known of any model, an answer is assumed to return completely.
 */
export function fitKept(sums: ReadonlyMap<string, Float64Array>): (model: string) => number | null {
  let [pooledXx, pooledXy] = [0, 0]
  for (const own of sums.values()) {
    const { xx, xy } = centred(own)
    pooledXx += xx
    pooledXy += xy
  }
  if (pooledXx === 0) return () => null
  const pooled = pooledXy / pooledXx
  return (model) => {
    const own = sums.get(model)
    const { n, xx, xy } = own === undefined ? NONE : centred(own)
    // Counted in answers: in squares, a model of short answers would lean on one of long answers as if it had hardly been seen.
    return xx === 0 ? pooled : Math.max(0, (n * (xy / xx) + LEAN * pooled) / (n + LEAN))
  }
}

const NONE = { n: 0, xx: 0, xy: 0 } as const

function centred(sums: Float64Array): { readonly n: number; readonly xx: number; readonly xy: number } {
  const [n = 0, x = 0, y = 0, xx = 0, xy = 0] = sums
  return { n, xx: xx - (x * x) / n, xy: xy - (x * y) / n }
}
