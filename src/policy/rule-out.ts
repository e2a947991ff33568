import { NEEDS, type Need } from '../canonical/index.js'
import { type Candidate, modelOf } from './candidate.js'
import type { Route } from './resolve-route.js'
import type { DecideInput, Veto } from './types.js'
import { vetoOf } from './veto.js'

/** Below this share of its rate limit a model is left to recover while another can serve. */
const QUOTA_RESERVE = 0.02

/** These can be described in the prompt instead, or may be taken after all: not as good, but better than no answer. */
const SOFT: readonly Need[] = ['grammar-tools', 'json', 'json-schema', 'many-tools', 'grouped-tools']

function missingNeed(needs: readonly Need[], offers: readonly Need[]): Need | null {
  // Signed reasoning can be dropped for another model; the open loop has its own veto.
  for (const need of needs) if (need !== 'reasoning-replay' && !SOFT.includes(need) && !offers.includes(need)) return need
  return null
}

function hardVeto(c: Candidate, input: DecideInput, route: Route): Veto | null {
  const { rev, tokenizerRatio } = c.state
  if (rev.kind !== input.kind) return vetoOf('kind')
  if (input.pinned !== null && modelOf(rev) === input.pinned) return null
  if (input.pinned !== null && input.policy.pinned === 'strict') return vetoOf('pinned')
  if (route.strict && route.models !== null && !route.models.includes(modelOf(rev))) return vetoOf('rule')
  const need = missingNeed(input.signals.needs, rev.accepts.needs)
  if (need !== null) return vetoOf('need', NEEDS.indexOf(need))
  const window = rev.contextWindow
  return window !== null && input.signals.inputTokens * tokenizerRatio + c.out > window ? vetoOf('context', window) : null
}

/** Vetoes `c` for `code` only while some other candidate passes. */
function vetoWhileOthers(
  candidates: readonly Candidate[],
  code: Veto['code'],
  passes: (c: Candidate) => boolean,
  exempt: string | null,
  about = 0,
): void {
  if (!candidates.some((c) => c.veto === null && passes(c))) return
  for (const c of candidates) if (c.veto === null && modelOf(c.state.rev) !== exempt && !passes(c)) c.veto = vetoOf(code, about)
}

function comparesCost(route: Route): boolean {
  return route.strategy.kind !== 'weights' || route.strategy.weights.cost > 0
}

/** Sets the veto of every candidate that cannot serve, for reasons other than quality and cost. */
export function ruleOut(candidates: readonly Candidate[], input: DecideInput, route: Route): void {
  for (const c of candidates) c.veto = hardVeto(c, input, route)
}

/** Vetoes candidates that are skipped while another can serve within the budget. */
export function passOver(candidates: readonly Candidate[], input: DecideInput, route: Route): void {
  let unpriced = false
  let short = false
  let broken = false
  for (const c of candidates) {
    if (c.cost === null) unpriced = true
    if (c.state.breaker === 'open') broken = true
    if (c.state.quotaLeft !== null && c.state.quotaLeft < QUOTA_RESERVE) short = true
  }
  for (const need of input.signals.needs) {
    if (SOFT.includes(need))
      vetoWhileOthers(candidates, 'need', (c) => c.state.rev.accepts.needs.includes(need), input.pinned, NEEDS.indexOf(need))
  }
  // When all are failing they stay in the plan, so that the walk can wait for the first breaker to close.
  if (broken) vetoWhileOthers(candidates, 'breaker', (c) => c.state.breaker !== 'open', input.pinned)
  const { openLoop } = input.endogenous
  if (openLoop !== null) vetoWhileOthers(candidates, 'loop', (c) => modelOf(c.state.rev) === openLoop, input.pinned)
  if (short) vetoWhileOthers(candidates, 'quota', (c) => c.state.quotaLeft === null || c.state.quotaLeft >= QUOTA_RESERVE, input.pinned)
  if (unpriced && comparesCost(route)) vetoWhileOthers(candidates, 'unpriced', (c) => c.cost !== null, input.pinned)
}

/** Vetoes candidates below the floor, relative to the best candidate that the rule prefers (or the best of all). */
export function ruleOutWeak(candidates: readonly Candidate[], route: Route, pinned: string | null): void {
  if (route.strategy.kind !== 'weights' || route.floor <= 0) return
  let best = 0
  let bestPreferred = 0
  for (const c of candidates) {
    if (c.veto !== null) continue
    if (c.quality > best) best = c.quality
    if (c.group === 0 && c.quality > bestPreferred) bestPreferred = c.quality
  }
  for (const c of candidates) {
    if (c.veto !== null || modelOf(c.state.rev) === pinned) continue
    if (c.quality < route.floor * (c.group === 0 ? bestPreferred : best)) c.veto = vetoOf('quality')
  }
}
