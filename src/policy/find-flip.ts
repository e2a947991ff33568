import { decide } from './decide.js'
import type { DecideInput, Plan, Weights } from './types.js'

/** The smallest change of one weight, with the others unchanged, that would have chosen another model. */
export interface Flip {
  readonly weight: 'cost' | 'quality' | 'latency' | 'carbon'
  readonly from: number
  readonly to: number
  /** The model that is chosen then: the runner-up. */
  readonly model: string
}

/** A weight is turned down to 0 or up to so many times the sum of all: there it is all that counts. */
const MOST = 20
const HALVINGS = 32

function chosenWith(input: DecideInput, plan: Plan, weights: Weights): string | undefined {
  const { experiment: _none, ...policy } = input.policy
  // The rule or arm is already applied: its weights are the plan's, and its conditions still hold.
  const rules = input.policy.rules.map(({ weights: _w, ...rule }) => rule)
  const floor = plan.floor
  const strategy = { kind: 'weights', weights } as const
  const profiles = Object.fromEntries(Object.entries(policy.profiles).map(([name, profile]) => [name, { ...profile, strategy, floor }]))
  const again = decide({ ...input, policy: { ...policy, rules, strategy, floor, profiles, experiment: null }, draws: [] })
  return again.chain > 0 ? again.steps[0]?.model : undefined
}

/**
 * Scores are linear in one weight except for the division by the sum, so along one direction the runner-up takes over at most once;
 * bisection finds where. If a third model wins on the way, this weight cannot lead to the runner-up.
 */
function turn(input: DecideInput, plan: Plan, weights: Weights, name: Flip['weight'], end: number, model: string): Flip | null {
  const from = weights[name] ?? 0
  const at = (value: number) => chosenWith(input, plan, { ...weights, [name]: value })
  const chosen = plan.steps[0]!.model
  let [low, high] = [from, end]
  if (at(high) === chosen) return null
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (at(middle) === chosen) low = middle
    else high = middle
  }
  if (at(high) !== model) return null
  const round = round6(high, end > from)
  return { weight: name, from, to: at(round) === model ? round : high, model }
}

/** Rounded away from the starting point, so that the value named still flips. */
function round6(x: number, up: boolean): number {
  return (up ? Math.ceil(x * 1e6) : Math.floor(x * 1e6)) / 1e6
}

/** Null when no single weight makes the runner-up win, or the plan was not made by weights. */
export function findFlip(input: DecideInput, plan: Plan, runnerUp: string): Flip | null {
  if (plan.strategy.kind !== 'weights' || plan.chain === 0) return null
  const { weights } = plan.strategy
  if (chosenWith(input, plan, weights) !== plan.steps[0]!.model) return null
  const names = ['cost', 'quality', 'latency', ...(weights.carbon === undefined ? [] : ['carbon'])] as readonly Flip['weight'][]
  const most = MOST * (weights.cost + weights.quality + weights.latency + (weights.carbon ?? 0))
  const flips = names.flatMap((name) => [0, most].map((end) => turn(input, plan, weights, name, end, runnerUp)))
  let best: Flip | null = null
  for (const flip of flips) {
    if (flip !== null && (best === null || Math.abs(flip.to - flip.from) < Math.abs(best.to - best.from))) best = flip
  }
  return best
}
