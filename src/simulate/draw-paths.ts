import { drawNormal, remembered, seededRandom } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import type { Learned } from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import type { Behaviour, Chance } from './behaviour.js'
import { type FollowOptions, followPolicy } from './follow-policy.js'
import { comparedCost } from './imagine.js'
import type { LoggedCall } from './logged-call.js'

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
  { behaviour, ...options }: Omit<FollowOptions, 'state'>,
  newState: () => FollowOptions['state'],
) {
  const along = (as: Behaviour) => followStart(alternative, calls, { ...options, behaviour: as, state: newState() })
  const expected = along(behaviour)
  const drawn = Array.from({ length: DRAWS }, (_, r) => along(drawBehaviour(behaviour, r)))
  return {
    paths: [expected, ...drawn],
    /** Relative standard error of the policy's cost; null when nothing was followed. On the safe side where the log goes on. */
    error(): number | null {
      const cost = expected.cost()
      if (cost === 0) return null
      const squares = drawn.reduce((sum, path) => sum + (path.cost() / cost - 1) ** 2, 0)
      return Math.sqrt(squares / DRAWS)
    },
  }
}

/** Follows a policy through the first calls that count. */
function followStart(alternative: Alternative, calls: number, options: FollowOptions) {
  /** Nano-USD. */
  let cost = 0
  let policy: ReturnType<typeof followPolicy> | null = followPolicy(alternative, options, (call, end, _again, other) => {
    if (call.counted) cost += comparedCost(other, end) ?? 0
  })
  let followed = 0
  return {
    cost: () => cost,
    follows: () => policy !== null,
    decided(call: LoggedCall, known: Learned): void {
      if (followed === MOST_CALLS || (followed === 0 && !call.counted && calls > MOST_CALLS)) return
      followed++
      policy?.decided(call, known)
    },
    settled(call: LoggedCall, end: ReplaySettled, known: Learned): void {
      policy?.settled(call, end, known)
      // The log may be long, and each path holds its own state.
      if (followed === MOST_CALLS && policy?.open() === 0) policy = null
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
    answer: () => Math.exp(Math.sqrt(variance) * drawNormal(random) - variance / 2),
    found: (hit) => (random() < hit ? 1 : 0),
  }
}
