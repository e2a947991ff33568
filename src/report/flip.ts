import { type DecideInput, decide, type Plan, type Step, type Weights } from '../policy/index.js'

/** The smallest change of one weight that would have put the runner-up first. */
export interface Flip {
  readonly weight: keyof Weights
  readonly from: number
  readonly to: number
  readonly model: string
}

const NAMES = ['cost', 'quality', 'latency'] as const
/** Weights are shown to this many decimals; the change is rounded away from the tie, so that it is really enough. */
const DECIMALS = 1e4

/**
 * Where two weighted sums cross: a difference D of the scores vanishes when weight k changes by −D · Σw / (sₖ of the first − sₖ of the
 * second). Each crossing is tried with the real decision; null when none makes the runner-up win, or weights did not decide.
 */
export function flipOf(input: DecideInput, plan: Plan): Flip | null {
  const [first, second] = plan.steps
  if (plan.strategy.kind !== 'weights' || first === undefined || second === undefined || second.veto !== null || input.mode === 'pinned')
    return null
  const { weights } = plan.strategy
  const crossings = NAMES.flatMap((weight): Flip[] => {
    const to = crossing(weights, weight, first, second)
    return to === null ? [] : [{ weight, from: weights[weight], to, model: second.model }]
  })
  const nearest = crossings.sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from))
  return nearest.find(({ weight, to }) => winnerWith(input, plan, { ...weights, [weight]: to }) === second.model) ?? null
}

function crossing(weights: Weights, name: (typeof NAMES)[number], first: Step, second: Step): number | null {
  const lead = NAMES.reduce((sum, k) => sum + weights[k] * (first.scores[k] - second.scores[k]), 0)
  const edge = first.scores[name] - second.scores[name]
  if (edge === 0) return null
  const to = (weights[name] - lead / edge) * DECIMALS
  const rounded = (edge > 0 ? Math.floor(to - 1e-6) : Math.ceil(to + 1e-6)) / DECIMALS
  return rounded < 0 ? null : rounded
}

function winnerWith(input: DecideInput, plan: Plan, weights: Weights): string | undefined {
  const policy = { ...input.policy, strategy: { kind: 'weights', weights }, floor: plan.floor, rules: [] } as const
  return decide({ ...input, policy }).steps[0]?.model
}
