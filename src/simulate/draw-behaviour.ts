import { seededRandom } from '../kit/index.js'
import type { Behaviour, Chance } from './behaviour.js'
import { entry } from './entry.js'
import { normal } from './normal.js'

const SEED = 20261123

/**
 * The models of one bootstrap round, in which an error in a model's behaviour is the same for all of its calls, and single calls with
 * random outcomes: an answer is longer or shorter, a cache is found or not.
 */
export function drawBehaviour(behaviour: Behaviour, round: number): Behaviour {
  const { verbosity, tokenizer, cacheHit } = behaviour
  return {
    ...behaviour,
    chance: chanceOf(behaviour.spread, seededRandom(SEED + round)),
    verbosity: remember((model, task) => verbosity(model, task) * (behaviour.verbosityDraws(model, task)[round] ?? 1)),
    tokenizer: remember((model) => tokenizer(model) * (behaviour.tokenizerDraws(model)[round] ?? 1)),
    cacheHit: remember((model) => cacheHit(model) * (behaviour.hitDraws(model)[round] ?? 1)),
  }
}

function chanceOf(spread: number, random: () => number): Chance {
  const variance = Math.log1p(spread)
  return {
    answer: () => Math.exp(Math.sqrt(variance) * normal(random) - variance / 2),
    found: (hit) => (random() < hit ? 1 : 0),
  }
}

function remember(make: (model: string, task: string) => number): (model: string, task?: string) => number {
  const known = new Map<string, Map<string, number>>()
  return (model, task = '') => {
    const own = entry(known, model, () => new Map<string, number>())
    return entry(own, task, () => make(model, task))
  }
}
