/** How the sums of a leaf become a correction. */
interface Reading {
  readonly of: 'log-ratio' | 'amount'
  /** Number of observations that a leaf's inherited value counts as: the variance of single ones divided by that between leaves. */
  readonly strength: number
}

const OTHERWISE = 3

/**
 * How learned values are read. Single answers to similar requests differ by about half their length, models between tasks by about a tenth
 * beyond their overall difference. So a model's answers for one task weigh little against all its answers: otherwise one long answer would
 * make it look verbose for as long as it is not asked again.
 */
export const READING = {
  ttft: { of: 'log-ratio', strength: OTHERWISE },
  pace: { of: 'log-ratio', strength: OTHERWISE },
  tokenizer: { of: 'amount', strength: OTHERWISE },
  taskOutput: { of: 'amount', strength: OTHERWISE },
  modelOutput: { of: 'amount', strength: 20 },
} as const satisfies Readonly<Record<string, Reading>>

/**
 * Corrections to a prior, shrunk along a path (provider, then model, and so on). Every leaf keeps decayed sums; a correction is a logarithm, 0
 * says that the prior is right. Plain data, so that it can be saved as JSON. The numbers are in one list, because a simulation copies them after
 * every call.
 */
export interface Residuals {
  readonly reading: Reading
  readonly places: Places
  /** `SIZE` numbers a place. A place that the list does not reach has seen nothing. */
  readonly values: number[]
}

/** Numbers of the paths, 0 for the root. Copies share them. */
interface Places {
  readonly above: number[]
  /** Places below each by name, and as a list in the order of their names. */
  readonly named: Record<string, number>[]
  readonly below: (readonly number[])[]
}

/** Decayed number of observations at a leaf, and their sums; the mean at or below a place, and how sure it is, 0 to 1, when last computed. */
const [N, A, B, MEAN, SURE, SIZE] = [0, 1, 2, 3, 4, 5]
/** How sure a mean is that must be computed again. */
const STALE = -1
/** Share of old observations kept at each new one: the last hundred or so matter. */
const KEEP = 0.99
/** No correction goes beyond a factor of fifty either way. */
const MOST = Math.log(50)

export function emptyResiduals(reading: Reading): Residuals {
  return { reading, places: { above: [0], named: [{}], below: [[]] }, values: [0, 0, 0, 0, 0] }
}

/** An independent copy with the same places. */
export function copyResiduals({ reading, places, values }: Residuals): Residuals {
  return { reading, places, values: values.slice() }
}

/** The place of a path, made where it is new. */
export function placeOf({ places }: Residuals, path: readonly string[]): number {
  let place = 0
  for (const name of path) place = places.named[place]![name] ?? addPlace(places, place, name)
  return place
}

function addPlace({ above, named, below }: Places, parent: number, name: string): number {
  const place = above.push(parent) - 1
  named.push({})
  below.push([])
  const siblings = named[parent]!
  siblings[name] = place
  // The last digit of a sum depends on its order, which must not be that in which other policies met the models.
  below[parent] = Object.keys(siblings)
    .sort()
    .map((sibling) => siblings[sibling]!)
  return place
}

/** Whoever has the same places may have made more of them. */
function reach({ places, values }: Residuals): void {
  while (values.length < places.above.length * SIZE) values.push(0, 0, 0, 0, 0)
}

function add(residuals: Residuals, place: number, a: number, b: number): void {
  reach(residuals)
  const { places, values } = residuals
  const at = place * SIZE
  values[at + N] = values[at + N]! * KEEP + 1
  values[at + A] = values[at + A]! * KEEP + a
  values[at + B] = values[at + B]! * KEEP + b
  for (let up = place; up !== 0; up = places.above[up]!) values[up * SIZE + SURE] = STALE
  values[SURE] = STALE
}

/** Observes a ratio whose logarithm matters (a time): leaves average the logarithms, so that an outlier counts little. */
export function addLogRatio(residuals: Residuals, place: number, seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(residuals, place, Math.max(-MOST, Math.min(MOST, Math.log(seen / expected))), 1)
}

/** Observes an amount that will be added up (tokens): leaves keep the sums, so that the mean is right rather than the median. */
export function addAmount(residuals: Residuals, place: number, seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(residuals, place, seen, expected)
}

/**
 * Takes a place's own mean and how sure it is of it. An inner place's is the mean of those below, each by its sureness. One observation moves
 * one leaf and means are asked for many times as often, so they are kept.
 */
function takeMean(residuals: Residuals, place: number): void {
  const { reading, places, values } = residuals
  const at = place * SIZE
  const n = values[at + N]!
  if (n > 0) {
    const ratio = values[at + A]! / values[at + B]!
    values[at + MEAN] = reading.of === 'amount' ? Math.log(ratio) : ratio
    values[at + SURE] = n / (n + reading.strength)
    return
  }
  let sum = 0
  let weight = 0
  let unsure = 1
  for (const child of places.below[place]!) {
    const from = child * SIZE
    if (values[from + SURE] === STALE) takeMean(residuals, child)
    const sure = values[from + SURE]!
    sum += values[from + MEAN]! * sure
    weight += sure
    unsure *= 1 - sure
  }
  values[at + MEAN] = weight === 0 ? 0 : sum / weight
  values[at + SURE] = weight === 0 ? 0 : 1 - unsure
}

/** The mean of all, moved level by level towards that of the place. */
function shrunkMean(residuals: Residuals, place: number): number {
  const { places, values } = residuals
  const mean = values[place * SIZE + MEAN]!
  if (place === 0) return mean
  const inherited = shrunkMean(residuals, places.above[place]!)
  return inherited + values[place * SIZE + SURE]! * (mean - inherited)
}

/**
 * The correction at a place. It starts from the mean of all that was seen and moves, level by level, towards what that level itself has seen.
 * A model not tried yet so inherits in full what its provider, or else everyone, has shown; the model tried first gains nothing by it.
 */
export function correctionAt(residuals: Residuals, place: number): number {
  reach(residuals)
  if (residuals.values[SURE] === STALE) takeMean(residuals, 0)
  return Math.max(-MOST, Math.min(MOST, shrunkMean(residuals, place)))
}

/** The same for a path; where it is new, for its known part. */
export function correctionOf(residuals: Residuals, path: readonly string[]): number {
  const { named } = residuals.places
  let place = 0
  for (const name of path) {
    const next = named[place]![name]
    if (next === undefined) break
    place = next
  }
  return correctionAt(residuals, place)
}
