/** Probability of a logit. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}

/** Logit of a probability strictly between 0 and 1. */
export function logit(p: number): number {
  return Math.log(p / (1 - p))
}
