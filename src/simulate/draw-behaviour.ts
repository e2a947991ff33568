import { remembered, seededRandom } from '../kit/index.js'
import type { Behaviour, Chance } from './behaviour.js'
import { normal } from './normal.js'

const SEED = 20261123

/**
 * The models of one bootstrap round, in which an error in a model's behaviour is the same for all of its calls, and single calls with
 * random outcomes: an answer is longer or shorter, a cache is found or not.
 */
export function drawBehaviour(behaviour: Behaviour, round: number): Behaviour {
  const { verbosity, tokenizer, cacheHit } = behaviour
  const verbosities = remembered((model: string) =>
    remembered((task: string) => verbosity(model, task) * (behaviour.verbosityDraws(model, task)[round] ?? 1)),
  )
  return {
    ...behaviour,
    chance: chanceOf(behaviour.spread, seededRandom(SEED + round)),
    verbosity: (model, task) => verbosities(model)(task),
    tokenizer: remembered((model) => tokenizer(model) * (behaviour.tokenizerDraws(model)[round] ?? 1)),
    cacheHit: remembered((model) => cacheHit(model) * (behaviour.hitDraws(model)[round] ?? 1)),
  }
}

function chanceOf(spread: number, random: () => number): Chance {
  const variance = Math.log1p(spread)
  return {
    answer: () => Math.exp(Math.sqrt(variance) * normal(random) - variance / 2),
    found: (hit) => (random() < hit ? 1 : 0),
  }
}
