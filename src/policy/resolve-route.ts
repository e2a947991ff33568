import { digest } from '../kit/index.js'
import { firstMatch } from './match-rule.js'
import { type DecideInput, DRAW, type Strategy } from './types.js'

/** How this call's candidates are to be compared, after rules and experiment. */
export interface Route {
  readonly strategy: Strategy
  readonly floor: number
  /** Name of the rule that matched. */
  readonly rule: string | null
  /** Models that the rule prefers; null means the whole pool. */
  readonly models: readonly string[] | null
  /** Nothing outside `models` may serve. */
  readonly strict: boolean
  readonly arm: string | null
}

const PROFILE = 'profile:'

/** A session's place in an experiment, in [0, 1): the same for the same session and salt, on any machine and after any restart. */
export function armDraw(salt: string, session: string): number {
  return Number.parseInt(digest(`${salt}\u0000${session}`).slice(0, 12), 16) / 2 ** 48
}

/** The arm that the session is in: the one it had, or the one its draw falls into; null outside an experiment, in its control, or once the arm is stopped. */
function armOf(input: DecideInput): string | null {
  const { experiment } = input.policy
  if (experiment === null || input.mode === 'pinned') return null
  const { stickyArm, stoppedArms = [] } = input.endogenous
  const isOpen = (arm: string) => !stoppedArms.includes(arm)
  if (stickyArm !== null && experiment.arms.some((a) => a.profile === stickyArm)) return isOpen(stickyArm) ? stickyArm : null
  const draw = input.draws[DRAW.arm]
  if (draw === undefined) return null
  let upTo = 0
  for (const arm of experiment.arms) {
    upTo += arm.share
    if (draw < upTo) return isOpen(arm.profile) ? arm.profile : null
  }
  return null
}

/** Applies the first matching rule, else the experiment's arm, to the policy. Rules are not asked about a pinned call. */
export function resolveRoute(input: DecideInput): Route {
  const { policy } = input
  const arm = armOf(input)
  const armProfile = arm === null ? undefined : policy.profiles[arm]
  const armModel = policy.experiment?.arms.find((a) => a.profile === arm)?.model
  const plain: Route = {
    strategy: armProfile?.strategy ?? policy.strategy,
    floor: armProfile?.floor ?? policy.floor,
    rule: null,
    models: armModel === undefined ? (armProfile?.models ?? null) : [armModel],
    strict: armProfile?.models !== undefined,
    arm,
  }
  const match = input.mode === 'pinned' ? null : firstMatch(policy.rules, input)
  if (match === null) return plain
  const { rule, index } = match
  const named = { ...plain, rule: rule.name ?? `rule ${index + 1}`, strict: plain.strict || rule.strict === true }
  const profile = typeof rule.use === 'string' && rule.use.startsWith(PROFILE) ? policy.profiles[rule.use.slice(PROFILE.length)] : undefined
  const base: Route = profile === undefined ? named : { ...named, ...profile, strict: named.strict || profile.models !== undefined }
  const weighted: Route = rule.weights === undefined ? base : { ...base, strategy: { kind: 'weights', weights: rule.weights } }
  if (rule.use === undefined || profile !== undefined) return weighted
  return { ...weighted, models: typeof rule.use === 'string' ? [rule.use] : rule.use, strict: rule.strict === true }
}
