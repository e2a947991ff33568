/** What is taken from the data again when it is missing stands under symbols: nobody saves it or compares by it. */
const MEAN = Symbol('mean')
const SURE = Symbol('sure')
const CHILDREN = Symbol('children')

/**
 * Corrections to a prior, shrunk along a path (provider, then model, and so on). Plain data, so that it can be saved as JSON.
 * Every node keeps decayed sums; a correction is a logarithm, 0 says that the prior is right.
 */
export interface Residuals {
  /** Decayed number of observations at this very node. */
  n: number
  a: number
  b: number
  /** Mean of this node and how sure it is, 0 to 1, as they were taken last; not so since something changed here or below: STALE. */
  [MEAN]?: number
  [SURE]?: number
  /** What is below, in that order, until another is added: a list is gone through far sooner than the names of a record. */
  [CHILDREN]?: readonly Residuals[]
  readonly below: Record<string, Residuals>
}

/** Observations that a level's own mean is weighed against what it inherits with. */
const STRENGTH = 3
/** Share of old observations kept at each new one: the last hundred or so matter. */
const KEEP = 0.99
/** No correction goes beyond a factor of fifty either way. */
const MOST = Math.log(50)
const STALE = -1

export function emptyResiduals(): Residuals {
  return { n: 0, a: 0, b: 0, [MEAN]: 0, [SURE]: STALE, below: {} }
}

/** A tree of its own that says the same. Made of nodes like all others, which a structured clone is not: those are twice as slow to go through. */
export function copyResiduals({ n, a, b, below }: Residuals): Residuals {
  const copy = emptyResiduals()
  copy.n = n
  copy.a = a
  copy.b = b
  for (const name in below) copy.below[name] = copyResiduals(below[name]!)
  return copy
}

/** Corrections that are learned on. */
export interface Tree {
  readonly root: Residuals
  /** Observations made anywhere in it. */
  changes: number
}

/** A way down a tree that is gone again and again: its nodes are looked up by name once, as far down as there are any. */
export interface Trail {
  readonly tree: Tree
  readonly path: readonly string[]
  /** The root first. */
  readonly nodes: Residuals[]
  /** The correction as it was last taken, and the tree's changes by then. */
  correction: number
  takenAt: number
}

export function trailTo(tree: Tree, path: readonly string[]): Trail {
  return { tree, path, nodes: [tree.root], correction: 0, takenAt: -1 }
}

/** The leaf that is about to change, and with it all means on the way there. */
function leafOf({ tree, path, nodes }: Trail): Residuals {
  tree.changes++
  let node = nodes[0]!
  node[SURE] = STALE
  for (let i = 0; i < path.length; i++) {
    const above = node
    node = nodes[i + 1] ?? above.below[path[i]!] ?? emptyResiduals()
    if (nodes.length === i + 1) {
      nodes.push(node)
      above.below[path[i]!] = node
      if (above[CHILDREN] !== undefined) above[CHILDREN] = Object.values(above.below)
    }
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
export function addLogRatio(trail: Trail, seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(leafOf(trail), Math.max(-MOST, Math.min(MOST, Math.log(seen / expected))), 1)
}

/** Observes an amount that will be added up (tokens): leaves keep the sums, so that the mean is right rather than the median. */
export function addAmount(trail: Trail, seen: number, expected: number): void {
  if (seen <= 0 || expected <= 0) return
  add(leafOf(trail), seen, expected)
}

/** How a leaf's two sums become a correction. */
export type Reading = 'log-ratio' | 'amount'

/** A node's own mean and how sure it is of it. One observation moves one leaf and means are asked for many times as often, so they are kept. */
function takeMean(node: Residuals, reading: Reading): Taken {
  return (node[SURE] ?? STALE) >= 0 ? (node as Taken) : takeAnew(node, reading)
}

/** An inner node's is the mean of those below, each by its sureness. */
function takeAnew(node: Residuals, reading: Reading): Taken {
  if (node.n > 0) {
    node[MEAN] = reading === 'amount' ? Math.log(node.a / node.b) : node.a / node.b
    node[SURE] = node.n / (node.n + STRENGTH)
    return node as Taken
  }
  let sum = 0
  let weight = 0
  let unsure = 1
  node[CHILDREN] ??= Object.values(node.below)
  const children = node[CHILDREN]
  for (let i = 0; i < children.length; i++) {
    const child = takeMean(children[i]!, reading)
    const sure = child[SURE]
    sum += child[MEAN] * sure
    weight += sure
    unsure *= 1 - sure
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
export function correctionOf(trail: Trail, reading: Reading): number {
  const { tree, path, nodes } = trail
  if (trail.takenAt === tree.changes) return trail.correction
  let node = takeMean(nodes[0]!, reading)
  let estimate = node[MEAN]
  for (let i = 0; i < path.length; i++) {
    const next = nodes[i + 1] ?? node.below[path[i]!]
    if (next === undefined) break
    if (nodes.length === i + 1) nodes.push(next)
    node = takeMean(next, reading)
    estimate += node[SURE] * (node[MEAN] - estimate)
  }
  trail.correction = Math.max(-MOST, Math.min(MOST, estimate))
  trail.takenAt = tree.changes
  return trail.correction
}
