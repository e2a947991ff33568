import { addTo, entry, hashText } from '../kit/index.js'
import type { LabelledRow } from './labelled-rows.js'

/** Words in a shingle, share of shared shingles that makes two prompts one, and how common a shingle is before it is a template's. */
const WORDS = 8
const SHARED = 0.3
const BOILERPLATE = 40

/** For each row the index of the first row of its cluster: prompts that share more than 30% of their eight-word shingles are one. */
export function clusterNearDuplicates(rows: readonly LabelledRow[]): Int32Array {
  const shingles = rows.map((row) => shinglesOf(row.prompt))
  const common = new Map<number, number>()
  for (const set of shingles) for (const s of set) addTo(common, s)
  const kept = shingles.map((set) => [...set].filter((s) => common.get(s)! < BOILERPLATE))
  const parent = Int32Array.from(rows, (_, i) => i)
  const find = (i: number): number => {
    let at = i
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!
    return at
  }
  const seen = new Map<number, number[]>()
  for (const [i, own] of kept.entries()) {
    const shared = new Map<number, number>()
    for (const s of own) {
      if (common.get(s)! < 2) continue
      const others = entry(seen, s, () => [])
      for (const j of others) addTo(shared, j)
      others.push(i)
    }
    for (const [j, n] of shared)
      if (n > SHARED * Math.min(own.length, kept[j]!.length)) {
        const [a, b] = [find(i), find(j)]
        parent[Math.max(a, b)] = Math.min(a, b)
      }
  }
  return Int32Array.from(rows, (_, i) => find(i))
}

function shinglesOf(prompt: string): ReadonlySet<number> {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  const set = new Set<number>()
  for (let i = 0; i + WORDS <= Math.max(words.length, WORDS); i++) set.add(hashText(words.slice(i, i + WORDS).join(' ')))
  return set
}
