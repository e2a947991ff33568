/** Cells of a table that a product is fitted to: observations of one model on requests of one kind. */
export interface Design {
  /** Of each cell: its kind, model, and model with task. */
  readonly kind: Uint32Array
  readonly model: Uint32Array
  readonly slot: Uint32Array
  readonly kinds: number
  readonly models: number
  readonly slots: number
  /** Prior knowledge of each model. */
  readonly prior: Float64Array
}

/** Sums by cell. */
export interface Seen {
  readonly calls: Float64Array
  /** The reference of the observed sums: calls, or tokens of another tokenizer. */
  readonly exposure: Float64Array
  readonly observed: Float64Array
}

/** A model's factor is shrunk to 1 as if that had been observed this often; a task's likewise. A `slot` of infinity fits no tasks. */
export interface Lean {
  readonly model: number
  readonly slot: number
}

/** Observed is about exposure × kinds × prior × models × slots. */
export interface Fit {
  readonly kinds: Float64Array
  readonly models: Float64Array
  readonly slots: Float64Array
}

export function flatFit({ kinds, models, slots }: Design): Fit {
  return { kinds: new Float64Array(kinds).fill(1), models: new Float64Array(models).fill(1), slots: new Float64Array(slots).fill(1) }
}

/**
 * Maximum likelihood of a multiplicative gamma model, by alternating updates: lengths of answers vary in proportion to their expectation,
 * so each call has the same weight, however long. So a model that got the hard requests does not look verbose. Starts from `start`, which
 * it changes and returns.
 */
export function fitProducts(design: Design, seen: Seen, lean: Lean, rounds: number, start: Fit): Fit {
  const { kind, model, slot, prior } = design
  const { kinds, models, slots } = start
  const cells = kind.length
  const rate = Float64Array.from(seen.observed, (observed, c) =>
    seen.exposure[c] === 0 ? 0 : observed / (seen.exposure[c]! * prior[model[c]!]!),
  )
  /** The mean over calls of observed relative to expected values, shrunk to 1. */
  const update = (factors: Float64Array, at: Uint32Array, others: (cell: number) => number, leaning: number): void => {
    const sum = new Float64Array(factors.length).fill(leaning)
    const weight = new Float64Array(factors.length).fill(leaning)
    for (let c = 0; c < cells; c++) {
      sum[at[c]!]! += (seen.calls[c]! * rate[c]!) / others(c)
      weight[at[c]!]! += seen.calls[c]!
    }
    for (let i = 0; i < factors.length; i++) factors[i] = weight[i] === 0 || sum[i] === 0 ? 1 : sum[i]! / weight[i]!
  }
  for (let round = 0; round < rounds; round++) {
    update(kinds, kind, (c) => models[model[c]!]! * slots[slot[c]!]!, 0)
    update(models, model, (c) => kinds[kind[c]!]! * slots[slot[c]!]!, lean.model)
    if (lean.slot !== Number.POSITIVE_INFINITY) update(slots, slot, (c) => kinds[kind[c]!]! * models[model[c]!]!, lean.slot)
  }
  return start
}
