/** Adam on one vector (beta 0.9 and 0.99), with the step given by the caller. */
export function adam(size: number): (values: Float64Array, gradient: Float64Array, step: number) => void {
  const m = new Float64Array(size)
  const q = new Float64Array(size)
  let t = 0
  return (values, gradient, step) => {
    t++
    const [a, b] = [1 - 0.9 ** t, 1 - 0.99 ** t]
    for (let j = 0; j < size; j++) {
      const g = gradient[j]!
      m[j] = 0.9 * m[j]! + 0.1 * g
      q[j] = 0.99 * q[j]! + 0.01 * g * g
      values[j]! -= (step * m[j]!) / a / (Math.sqrt(q[j]! / b) + 1e-8)
    }
  }
}

/** Cosine from `top` at step 0 to 0 at `steps`. */
export function cosine(top: number, step: number, steps: number): number {
  return top * 0.5 * (1 + Math.cos((Math.PI * step) / steps))
}
