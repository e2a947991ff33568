import { groupedBy, seededRandom } from '../../kit/index.js'
import type { CallToCheck, Drawn, Sample, Stratum } from './types.js'

/** Fewer calls than this say nothing of how much a stratum's calls differ. */
const LEAST = 2
/** Calls that a stratum needs to justify another one. */
const WORTH_STRATUM = 8
const MOST_STRATA = 4

/**
 * A stratified random sample of about `wanted` calls. Strata are the models that would answer, each cut by the uncertainty of its calls into
 * parts of equal total uncertainty; each gets calls by its size times the root mean square uncertainty within (Neyman 1934; Cochran 1977,
 * Sampling Techniques, 5.5), at least two. So most are drawn where the estimate is most uncertain.
 */
export function drawSample(changed: readonly CallToCheck[], wanted: number, seed: number): Sample {
  const random = seededRandom(seed)
  const cut = cutStrata(changed, wanted)
  const sizes = allocate(
    cut.map(({ members }) => ({ calls: members.length, weight: Math.sqrt(members.length * sum(members, (m) => m.sd ** 2)) })),
    Math.min(wanted, changed.length),
  )
  const strata = cut.map((stratum, h): Stratum => ({ ...stratum, drawn: sizes[h] ?? 0 }))
  const ranked = strata.flatMap(({ members, drawn }, stratum) => {
    const picked = shuffle(members, random).slice(0, drawn)
    // Evenly spread over the order, so that stopping early leaves each stratum its share.
    return picked.map((call, k): Drawn & { readonly rank: number } => ({ stratum, call, rank: (k + random()) / drawn }))
  })
  const order = ranked.sort((a, b) => a.rank - b.rank).map(({ stratum, call }): Drawn => ({ stratum, call }))
  return { strata, order }
}

/** A sample as large as `wanted` and the money allow, by what each call is expected to cost. */
export function drawAffordable(
  changed: readonly CallToCheck[],
  wanted: number,
  { cost, cap, seed }: { readonly cost: (call: CallToCheck) => number; readonly cap: number; readonly seed: number },
): Sample {
  let n = Math.min(wanted, changed.length)
  for (;;) {
    const sample = drawSample(changed, n, seed)
    const total = sum(sample.order, ({ call }) => cost(call))
    if (total <= cap || n <= 1) return total <= cap ? sample : drawSample(changed, 0, seed)
    n = Math.max(1, Math.min(n - 1, Math.floor((n * cap) / total)))
  }
}

function cutStrata(changed: readonly CallToCheck[], wanted: number): readonly Omit<Stratum, 'drawn'>[] {
  const groups = groupByModel(changed, Math.max(1, Math.floor(wanted / (2 * LEAST))))
  const total = Math.max(
    Number.MIN_VALUE,
    sum(changed, (c) => c.sd),
  )
  return groups.flatMap(({ name, members }) => {
    const share = (wanted * sum(members, (m) => m.sd)) / total
    const parts = Math.max(1, Math.min(MOST_STRATA, Math.floor(share / WORTH_STRATUM), Math.floor(members.length / LEAST)))
    return cutByUncertainty(members, parts).map((part, i) => ({
      name: parts === 1 ? name : `${name}, ${i + 1} of ${parts}`,
      members: part,
    }))
  })
}

/** By the model that would answer, the most uncertain first; those beyond `most` share one. */
function groupByModel(
  changed: readonly CallToCheck[],
  most: number,
): { readonly name: string; readonly members: readonly CallToCheck[] }[] {
  const groups = [...groupedBy(changed, (call) => call.to)]
    .map(([name, members]) => ({ name, members, weight: sum(members, (m) => m.sd) }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
  const rest = groups.slice(most - 1)
  if (rest.length < 2) return groups
  return [...groups.slice(0, most - 1), { name: `${rest.length} other models`, members: rest.flatMap((g) => g.members) }]
}

/** Parts of equal total uncertainty, the least uncertain calls first; none is smaller than LEAST. */
function cutByUncertainty(members: readonly CallToCheck[], parts: number): readonly (readonly CallToCheck[])[] {
  const sorted = [...members].sort((a, b) => a.sd - b.sd || (a.id < b.id ? -1 : 1))
  const total = sum(sorted, (m) => m.sd)
  const found: CallToCheck[][] = [[]]
  let soFar = 0
  for (const [i, call] of sorted.entries()) {
    const own = found.at(-1)!
    const isFull = soFar >= (total * found.length) / parts && own.length >= LEAST && sorted.length - i >= LEAST
    if (isFull && found.length < parts) found.push([call])
    else own.push(call)
    soFar += call.sd
  }
  return found
}

/** Shares `n` out by weight; a stratum gets at least LEAST and at most its calls, and what it cannot take goes to the others. */
function allocate(strata: readonly { readonly calls: number; readonly weight: number }[], n: number): readonly number[] {
  const sizes = strata.map(({ calls }) => Math.min(calls, LEAST))
  for (let left = n - sum(sizes, (s) => s); left > 0; left--) {
    let best = -1
    let most = 0
    for (const [h, { calls, weight }] of strata.entries()) {
      const size = sizes[h]!
      // The next call goes where the expected variance falls most (Wright 2012, "The equivalence of Neyman optimum allocation").
      const gain = size >= calls ? 0 : Math.max(weight, 1e-9) / Math.sqrt(size * (size + 1))
      if (gain > most) [best, most] = [h, gain]
    }
    if (best < 0) break
    sizes[best]! += 1
  }
  return n === 0 ? sizes.map(() => 0) : sizes
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0
  for (const item of items) total += of(item)
  return total
}
