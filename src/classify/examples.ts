import { addTo } from '../kit/index.js'
import { type Bag, BUCKETS, hashTokens } from './features/hashed.js'
import { scan } from './features/scan.js'
import { readPrompt } from './read-prompt.js'
import type { Example } from './shipped-examples.js'

/** Examples with their vectors, ready to be searched. */
export interface ExampleLibrary {
  readonly examples: readonly Example[]
  /** Cosine of each example with a text, or with the text's own vector where vectors come from outside; null without one. */
  readonly similarities: (text: string, embedding?: readonly number[]) => Float64Array | null
}

interface Neighbour {
  readonly example: Example
  /** Cosine, 0 to 1. */
  readonly similarity: number
}

const NEIGHBOURS = 5
const NEAR_ENOUGH = 0.2

/** A library over local hashed words, pairs and four-letter pieces (TF-IDF); needs no network. Searched by the words that a text has. */
export function localLibrary(examples: readonly Example[]): ExampleLibrary {
  const bags = examples.map((example) => [...countTokens(example.text)])
  const holders = new Float64Array(BUCKETS)
  for (const bag of bags) for (const [bucket] of bag) holders[bucket]! += 1
  const rarity = holders.map((n) => Math.log((examples.length + 1) / (n + 0.5)))
  // Who holds a bucket, and with which weight, one bucket after the other.
  const start = new Int32Array(BUCKETS + 1)
  for (let bucket = 0; bucket < BUCKETS; bucket++) start[bucket + 1] = start[bucket]! + holders[bucket]!
  const holder = new Int32Array(start[BUCKETS]!)
  const weight = new Float64Array(holder.length)
  const next = start.slice()
  for (const [i, bag] of bags.entries()) {
    const values = bag.map(([bucket, n]) => (1 + Math.log(n)) * rarity[bucket]!)
    const norm = Math.hypot(...values) || 1
    for (const [k, [bucket]] of bag.entries()) {
      const at = next[bucket]!
      holder[at] = i
      weight[at] = values[k]! / norm
      next[bucket] = at + 1
    }
  }
  return {
    examples,
    similarities(text) {
      const out = new Float64Array(examples.length)
      let norm = 0
      const bag = bagOf(text)
      for (let k = 0; k < bag.size; k++) {
        const bucket = bag.touched[k]!
        const value = (1 + Math.log(bag.count[bucket]!)) * rarity[bucket]!
        norm += value * value
        for (let at = start[bucket]!; at < start[bucket + 1]!; at++) {
          const i = holder[at]!
          out[i]! += value * weight[at]!
        }
      }
      for (let i = 0; i < out.length; i++) out[i]! /= Math.sqrt(norm || 1)
      return out
    },
  }
}

/** A library over vectors from an embeddings endpoint, one an example in order. */
export function embeddedLibrary(examples: readonly Example[], vectors: readonly (readonly number[])[]): ExampleLibrary {
  const known = vectors.map(normalise)
  return {
    examples,
    similarities(_text, embedding) {
      if (embedding === undefined) return null
      const own = normalise(embedding)
      return Float64Array.from(known, (vector) => dot(own, vector))
    },
  }
}

/** The `count` examples most like the text, nearest first; `embedding` is the text's own where the library cannot make it. */
export function nearestExamples(
  library: ExampleLibrary,
  text: string,
  embedding?: readonly number[],
  count = NEIGHBOURS,
): readonly Neighbour[] {
  const similarities = library.similarities(text, embedding)
  if (similarities === null) return []
  return library.examples
    .map((example, i) => ({ example, similarity: similarities[i]! }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, count)
}

/**
 * Vote of the nearest examples, each with the square of its similarity; null when none is near enough to count. `confidence` is the share of
 * the vote for this complexity, 0 to 1.
 */
export function voteByExamples(library: ExampleLibrary, text: string, embedding?: readonly number[], count = NEIGHBOURS) {
  const neighbours = nearestExamples(library, text, embedding, count).filter((n) => n.similarity >= NEAR_ENOUGH)
  if (neighbours.length === 0) return null
  const [complexity, confidence] = winner(neighbours, (e) => e.complexity)
  const [task] = winner(neighbours, (e) => e.task)
  return { task, complexity, confidence, neighbours }
}

/** Judges each example by all others. */
export function testExamples(examples: readonly Example[]) {
  const votes = examples.map((example, i) => ({
    example,
    vote: voteByExamples(localLibrary(examples.filter((_, k) => k !== i)), example.text),
  }))
  const heard = votes.flatMap(({ example, vote }) => (vote === null ? [] : [{ example, vote }]))
  return {
    examples: examples.length,
    /** Examples that the others judge rightly, by task and by complexity, and those that the others are silent on. */
    taskRight: heard.filter(({ example, vote }) => vote.task === example.task).length,
    complexityRight: heard.filter(({ example, vote }) => vote.complexity === example.complexity).length,
    silent: votes.length - heard.length,
    wrong: heard.filter(({ example, vote }) => vote.complexity !== example.complexity),
  }
}

function winner<K extends string>(neighbours: readonly Neighbour[], of: (example: Example) => K): readonly [K, number] {
  const votes = new Map<K, number>()
  let total = 0
  for (const { example, similarity } of neighbours) {
    addTo(votes, of(example), similarity ** 2)
    total += similarity ** 2
  }
  const [best, share] = [...votes].reduce((a, b) => (b[1] > a[1] ? b : a))
  return [best, share / total]
}

/** The text's tokens; valid until the next text is read. */
function bagOf(text: string): Bag {
  return hashTokens(scan(readPrompt(text).low))
}

function countTokens(text: string): ReadonlyMap<number, number> {
  const bag = bagOf(text)
  const counts = new Map<number, number>()
  for (let k = 0; k < bag.size; k++) counts.set(bag.touched[k]!, bag.count[bag.touched[k]!]!)
  return counts
}

function normalise(vector: readonly number[]): readonly number[] {
  const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0)) || 1
  return vector.map((v) => v / norm)
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * (b[i] ?? 0)
  return sum
}
