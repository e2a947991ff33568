import { drawNormal, seededRandom } from '../kit/index.js'
import { type Behaviour, ROUNDS } from './behaviour.js'
import { type Substitution, substitutionsOf, type Tally } from './tally.js'
import type { Estimate } from './types.js'

const SEED = 20261122

/**
 * 95% intervals. The calls are those of the log; how other models would have answered them is uncertain. Every round takes one bootstrap
 * refit over sessions of verbosity, tokenizers and cache hits, with the same error for all calls of a model, and draws the spread of single
 * answers. A call that stays as recorded adds nothing. `pathError` is the error when conversations and choices change as well, see
 * `drawPaths`; the wider of the two counts.
 */
export function intervals(tally: Tally, behaviour: Behaviour) {
  const random = seededRandom(SEED)
  const value = tally.simulatedCost
  const costs = new Float64Array(ROUNDS).fill(value)
  for (const place of substitutionsOf(tally)) addErrors(costs, place, behaviour)
  for (const [model, saving] of tally.cacheSavings) {
    const draws = behaviour.hitDraws(model)
    for (let r = 0; r < ROUNDS; r++) costs[r]! -= saving * (draws[r]! - 1)
  }
  const noise = Math.sqrt(tally.squares * behaviour.spread + tally.cacheVariance)
  for (let r = 0; noise > 0 && r < ROUNDS; r++) costs[r]! += noise * drawNormal(random)
  return {
    cost: between(value, costs),
    /** Null where no call was answered. */
    quality: tally.judged === 0 ? null : between(tally.quality / tally.judged, drawQuality(tally, random)),
  }
}

function addErrors(costs: Float64Array, { from, to, task, output, prompt }: Substitution, behaviour: Behaviour): void {
  if (from === to) return
  const [said, asked] = [behaviour.verbosityDraws(to, task), behaviour.tokenizerDraws(to)]
  const [heard, read] = [behaviour.verbosityDraws(from, task), behaviour.tokenizerDraws(from)]
  for (let r = 0; r < ROUNDS; r++) {
    costs[r]! += output * (said[r]! / heard[r]! - 1) + prompt * (asked[r]! / read[r]! - 1)
  }
}

/** Each round draws once how wrong each model's ability is. */
function drawQuality({ quality, judged, qualitySlopes }: Tally, random: () => number): Float64Array {
  const draws = new Float64Array(ROUNDS)
  for (let r = 0; r < ROUNDS; r++) {
    let sum = quality
    for (const slope of qualitySlopes.values()) sum += slope * drawNormal(random)
    draws[r] = Math.min(1, Math.max(0, sum / judged))
  }
  return draws
}

function between(value: number, draws: Float64Array): Estimate {
  draws.sort()
  const at = (p: number) => draws[Math.min(draws.length - 1, Math.floor(p * draws.length))] ?? value
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) }
}
