/** Derived values that are recomputed when missing are stored under symbols: they are neither saved nor compared. */
const MEAN = Symbol('mean')
const SURE = Symbol('sure')

/**
 * Corrections to a prior, shrunk along a path (provider, then model, and so on). Plain data, so that it can be saved as JSON.
 * Every node keeps decayed sums; a correction is a logarithm, 0 says that the prior is right.
 */
export interface Residuals {
  /** Decayed number of observations at this very node. */
  n: number
  a: number
  b: number
  /** Mean of this node and its certainty, 0 to 1, when last computed; STALE after a change here or below. */
  [MEAN]?: number
  [SURE]?: number
  readonly below: Record<string, Residuals>
}

/** Share of old observations kept at each new one: the last hundred or so matter. */
const KEEP = 0.99
/** No correction goes beyond a factor of fifty either way. */
const MOST = Math.log(50)
const STALE = -1

export function emptyResiduals(): Residuals {
  return { n: 0, a: 0, b: 0, [MEAN]: 0, [SURE]: STALE, below: {} }
}

/** An independent copy. Made of nodes like all others, which a structured clone is not: those are half as fast to traverse. */
export function copyResiduals({ n, a, b, below }: Residuals): Residuals {
  const copy = emptyResiduals()
  copy.n = n
  copy.a = a
  copy.b = b
  for (const name in below) copy.below[name] = copyResiduals(below[name]!)
  return copy
}

/** The leaf that is about to change, and with it all means on the way there. */
function leafOf(root: Residuals, path: readonly string[]): Residuals {
  let node = root
  node[SURE] = STALE
  for (const name of path) {
    let next = node.below[name]
    if (next === undefined) {
      next = emptyResiduals()
      node.below[name] = next
      children.delete(node)
    }
    node = next
    node[SURE] = STALE
  }
  return node
}

function add(leaf: Residuals, a: number, b: number): void {
  leaf.n = leaf.n * KEEP + 1
  leaf.a = leaf.a * KEEP + a
  leaf.b = leaf.b * KEEP + b
}

/** Observes a ratio whose logarithm matters (a time): leaves average the logarithms, so that an outlier counts little. */
export function addLogRatio(root: Residuals, path: readonly string[], seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(leafOf(root, path), Math.max(-MOST, Math.min(MOST, Math.log(seen / expected))), 1)
}

/** Observes an amount that will be added up (tokens): leaves keep the sums, so that the mean is right rather than the median. */
export function addAmount(root: Residuals, path: readonly string[], seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(leafOf(root, path), seen, expected)
}

/** How a leaf's two sums become a correction. */
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

/** The values below a node, in that order: a list is traversed much faster than the names of a record. */
const children = new WeakMap<Residuals, readonly Residuals[]>()

function childrenOf(node: Residuals): readonly Residuals[] {
  const known = children.get(node)
  if (known !== undefined) return known
  const list = Object.values(node.below)
  children.set(node, list)
  return list
}

/**
 * Takes a node's own mean and how sure it is of it. An inner node's is the mean of those below, each by its sureness. One observation moves one
 * leaf and means are asked for many times as often, so they are kept.
 */
function takeMean(node: Residuals, reading: Reading): Taken {
  const known = node[SURE] ?? STALE
  if (known >= 0) return node as Taken
  if (node.n > 0) {
    node[MEAN] = reading.of === 'amount' ? Math.log(node.a / node.b) : node.a / node.b
    node[SURE] = node.n / (node.n + reading.strength)
    return node as Taken
  }
  let sum = 0
  let weight = 0
  let unsure = 1
  for (const below of childrenOf(node)) {
    const child = takeMean(below, reading)
    sum += child[MEAN] * child[SURE]
    weight += child[SURE]
    unsure *= 1 - child[SURE]
  }
  node[MEAN] = weight === 0 ? 0 : sum / weight
  node[SURE] = weight === 0 ? 0 : 1 - unsure
  return node as Taken
}

interface Taken extends Residuals {
  [MEAN]: number
  [SURE]: number
}

/**
 * The correction for a path. It starts from the mean of all that was seen and moves, level by level, towards what that level itself has seen.
 * A model not tried yet so inherits in full what its provider, or else everyone, has shown; the model tried first gains nothing by it.
 */
export function correctionOf(root: Residuals, path: readonly string[], reading: Reading): number {
  let node = takeMean(root, reading)
  let estimate = node[MEAN]
  for (const name of path) {
    const next = node.below[name]
    if (next === undefined) break
    node = takeMean(next, reading)
    estimate += node[SURE] * (node[MEAN] - estimate)
  }
  return Math.max(-MOST, Math.min(MOST, estimate))
}
