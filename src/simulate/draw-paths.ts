import type { ReplaySettled } from '../ledger/index.js'
import type { Alternative } from './alternatives.js'
import { drawBehaviour } from './draw-behaviour.js'
import { type Imagined, type ImagineOptions, imagine } from './imagine.js'
import type { LoggedCall } from './logged-call.js'
import { learnFromLog } from './relearn.js'

/** Replays of a policy with models drawn at random instead of as estimated. */
const DRAWS = 8
/** 97.5% quantile of Student's t with as many degrees of freedom as there are draws. */
export const STUDENT = 2.306
/** Calls that each of these replays follows. Of a longer log it is the first ones that count. */
const MOST_CALLS = 5000

export interface DrawnPaths {
  decided(call: LoggedCall): void
  settled(call: LoggedCall, end: ReplaySettled): void
  /** Relative standard error of the policy's cost; null when nothing was followed. On the safe side where the log goes on. */
  error(): number | null
}

/**
 * The effect of an error in a model's behaviour on a policy's complete path: other conversations grow, other models are chosen, and the
 * router learns other things. No formula covers that, so the policy is followed several more times, each time with another draw of
 * everything uncertain.
 */
export function drawPaths(
  alternative: Alternative,
  calls: number,
  { behaviour, ...options }: Omit<ImagineOptions, 'state' | 'log' | 'watch'>,
  newState: () => ImagineOptions['state'],
): DrawnPaths {
  const log = learnFromLog()
  const follow = (as: ImagineOptions['behaviour']) => imagine(alternative, { ...options, log, behaviour: as, state: newState() })
  let followers = [follow(behaviour), ...Array.from({ length: DRAWS }, (_, r) => follow(drawBehaviour(behaviour, r)))]
  /** What each has come to, the one with expected models first. */
  const costsOf = (those: readonly Imagined[]) => those.map(({ tally }) => tally.simulatedCost)
  let costs: readonly number[] | null = null
  let followed = 0
  /** Calls followed that have not ended. */
  const open = new Set<number>()
  return {
    decided(call) {
      if (followed === MOST_CALLS || (followed === 0 && !call.counted && calls > MOST_CALLS)) return
      followed++
      open.add(call.row.seq)
      for (const one of followers) one.decided(call)
    },
    settled(call, end) {
      if (costs !== null) return
      if (open.delete(call.row.seq)) for (const one of followers) one.settled(call, end)
      log.settled(call, end)
      if (followed < MOST_CALLS || open.size > 0) return
      // The log may be long, and each path holds its own state.
      costs = costsOf(followers)
      followers = []
    },
    error() {
      const [cost = 0, ...drawn] = costs ?? costsOf(followers)
      if (cost === 0) return null
      const squares = drawn.reduce((sum, other) => sum + (other / cost - 1) ** 2, 0)
      return Math.sqrt(squares / DRAWS)
    },
  }
}
