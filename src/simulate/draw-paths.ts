import { remembered, seededRandom } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import type { Alternative } from './alternatives.js'
import type { Behaviour, Chance } from './behaviour.js'
import { type FollowOptions, followPolicy } from './follow-policy.js'
import { comparedCost } from './imagine.js'
import type { LoggedCall } from './logged-call.js'
import { normal } from './normal.js'
import { learnFromLog } from './relearn.js'

/** Replays of a policy with models drawn at random instead of as estimated. */
const DRAWS = 8
/** 97.5% quantile of Student's t with as many degrees of freedom as there are draws. */
export const STUDENT = 2.306
/** Calls that each of these replays follows. Of a longer log it is the first ones that count. */
const MOST_CALLS = 5000

/**
 * The effect of an error in a model's behaviour on a policy's complete path: other conversations grow, other models are chosen, and the
 * router learns other things. No formula covers that, so the policy is followed several more times, each time with another draw of
 * everything uncertain.
 */
export function drawPaths(
  alternative: Alternative,
  calls: number,
  { behaviour, ...options }: Omit<FollowOptions, 'state' | 'log'>,
  newState: () => FollowOptions['state'],
) {
  const log = learnFromLog()
  /** What each path has come to, nano-USD, the one with expected models first. */
  const costs: number[] = []
  const follow = (as: FollowOptions['behaviour'], path: number) => {
    costs[path] = 0
    return followPolicy(alternative, { ...options, log, behaviour: as, state: newState() }, (call, end, _again, other) => {
      if (call.counted) costs[path]! += comparedCost(other, end) ?? 0
    })
  }
  let followers = [follow(behaviour, 0), ...Array.from({ length: DRAWS }, (_, r) => follow(drawBehaviour(behaviour, r), 1 + r))]
  let followed = 0
  /** Calls followed that have not ended. */
  const open = new Set<number>()
  return {
    decided(call: LoggedCall): void {
      if (followed === MOST_CALLS || (followed === 0 && !call.counted && calls > MOST_CALLS)) return
      followed++
      open.add(call.row.seq)
      for (const one of followers) one.decided(call)
    },
    settled(call: LoggedCall, end: ReplaySettled): void {
      if (followers.length === 0) return
      if (open.delete(call.row.seq)) for (const one of followers) one.settled(call, end)
      log.settled(call, end)
      if (followed < MOST_CALLS || open.size > 0) return
      // The log may be long, and each path holds its own state.
      followers = []
    },
    /** Relative standard error of the policy's cost; null when nothing was followed. On the safe side where the log goes on. */
    error(): number | null {
      const [cost = 0, ...drawn] = costs
      if (cost === 0) return null
      const squares = drawn.reduce((sum, other) => sum + (other / cost - 1) ** 2, 0)
      return Math.sqrt(squares / DRAWS)
    },
  }
}

const SEED = 20261123

/**
 * The models of one bootstrap round, in which an error in a model's behaviour is the same for all of its calls, and single calls with
 * random outcomes: an answer is longer or shorter, a cache is found or not.
 */
function drawBehaviour(behaviour: Behaviour, round: number): Behaviour {
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
