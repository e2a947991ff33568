/**
 * Ability of "a cheap model" on the catalog's scale (logits; src/catalog/ability.ts says what fixes it): the models whose failures the
 * difficulty head was fitted on, 7B to 70B models of 2023 and 2024, lie near it. `difficulty.p` is the failure probability of a model of
 * this ability.
 */
export const CHEAP_ABILITY = 0.15
