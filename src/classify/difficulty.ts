/**
 * Ability of "a cheap model" on the catalog's scale (logits, gpt-4o of November 2024 = 0): the models whose failures the
 * difficulty head was fitted on lie near it. `difficulty.p` is the failure probability of a model of this ability.
 */
export const CHEAP_ABILITY = -0.7

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

export function logit(p: number): number {
  return Math.log(p / (1 - p))
}

/** Position of a request on the ability scale: P(model answers well) = sigmoid(ability - result). */
export function difficultyLogit(p: number): number {
  return CHEAP_ABILITY + logit(p)
}
