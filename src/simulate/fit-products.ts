/** Cells of a table that a product is fitted to: what was observed of one model on requests of one kind. */
export interface Design {
  /** Of each cell: its kind, model, and model with task. */
  readonly kind: Uint32Array
  readonly model: Uint32Array
  readonly slot: Uint32Array
  readonly kinds: number
  readonly models: number
  readonly slots: number
  /** What is known of each model beforehand. */
  readonly prior: Float64Array
}

/** Sums by cell. */
export interface Seen {
  readonly calls: Float64Array
  /** What the observed sums are measured against: calls, or tokens of another tokenizer. */
  readonly exposure: Float64Array
  readonly observed: Float64Array
}

/** A model's factor leans to 1 as if it had been seen this often; a task's likewise. A `slot` of infinity fits no tasks. */
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
 * Iterative proportional fitting, the maximum likelihood of a multiplicative Poisson model: a model that got the hard requests is so not
 * taken for a verbose one. Goes on from `start`, which it changes and returns.
 */
export function fitProducts(design: Design, seen: Seen, lean: Lean, rounds: number, start: Fit): Fit {
  const { kind, model, slot, prior } = design
  const { calls, exposure, observed } = seen
  const { kinds, models, slots } = start
  const cells = kind.length
  const sums = { observed: new Float64Array(0), expected: new Float64Array(0), calls: new Float64Array(0) }
  const clear = (size: number): void => {
    sums.observed = new Float64Array(size)
    sums.expected = new Float64Array(size)
    sums.calls = new Float64Array(size)
  }
  const add = (at: number, cell: number, expected: number): void => {
    sums.observed[at]! += observed[cell]!
    sums.expected[at]! += expected
    sums.calls[at]! += calls[cell]!
  }
  const shrink = (into: Float64Array, weight: number): void => {
    for (let i = 0; i < into.length; i++) {
      const own = sums.expected[i]!
      const leaning = (own / Math.max(1, sums.calls[i]!)) * weight
      into[i] = own + leaning === 0 ? 1 : (sums.observed[i]! + leaning) / (own + leaning)
    }
  }
  for (let round = 0; round < rounds; round++) {
    clear(kinds.length)
    for (let c = 0; c < cells; c++) add(kind[c]!, c, exposure[c]! * prior[model[c]!]! * models[model[c]!]! * slots[slot[c]!]!)
    for (let k = 0; k < kinds.length; k++) kinds[k] = sums.expected[k] === 0 ? 1 : sums.observed[k]! / sums.expected[k]!
    clear(models.length)
    for (let c = 0; c < cells; c++) add(model[c]!, c, exposure[c]! * kinds[kind[c]!]! * prior[model[c]!]! * slots[slot[c]!]!)
    shrink(models, lean.model)
    if (lean.slot === Number.POSITIVE_INFINITY) continue
    clear(slots.length)
    for (let c = 0; c < cells; c++) add(slot[c]!, c, exposure[c]! * kinds[kind[c]!]! * prior[model[c]!]! * models[model[c]!]!)
    shrink(slots, lean.slot)
  }
  return start
}
