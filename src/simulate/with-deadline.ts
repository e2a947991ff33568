import type { ModelRev } from '../catalog/index.js'
import { formatMs, remembered } from '../kit/index.js'
import { type DecideInput, waitOf } from '../policy/index.js'
import type { Alternative, AlternativeSpec } from './alternatives.js'

/** Deadlines from which a provider's batch, and its flex tier, can be relied on: twice their usual time. */
const BATCH_MS = 2 * 3_600_000
const FLEX_MS = 2 * 60_000

/**
 * Assumes a deadline for calls that nobody was waiting for: each at the rates of its model's batch tier, or flex tier where there is no
 * batch or no time for one. Models are chosen as before, at those rates. Caches have no value there, since it is not known when, and so
 * with which cache, such a call runs.
 */
export function withDeadline(base: Alternative, deadlineMs: number): Alternative {
  const slowerOf = remembered((rev: ModelRev): ModelRev => {
    const tier = deadlineMs >= BATCH_MS && rev.batchRates ? 'batch' : deadlineMs >= FLEX_MS && rev.flexRates ? 'flex' : null
    const rates = tier === 'batch' ? rev.batchRates : rev.flexRates
    return tier === null || rates == null ? rev : { ...rev, tier, rates, cache: { ...rev.cache, mode: 'none' } }
  })
  const spec: AlternativeSpec | null = base.spec === null ? null : { kind: 'deadline', base: base.spec, deadlineMs }
  return {
    ...base,
    name: `${base.name}, waiting up to ${formatMs(deadlineMs)}`,
    spec,
    modelsFor(input) {
      const models = base.modelsFor?.(input) ?? input.models
      // Where such tiers were candidates the choice was made already.
      const isOpen = couldWait(input) && !models.some((m) => m.rev.tier !== undefined)
      return isOpen ? models.map((m) => ({ ...m, rev: slowerOf(m.rev) })) : models
    },
    deadlineFor: (input) => (waitOf(input).ms === null && couldWait(input) ? deadlineMs : null),
  }
}

/** A call with a deadline could wait; so could one whose answer was not streamed and that was not a step of a longer conversation. */
function couldWait(input: DecideInput): boolean {
  const { stream, signals, endogenous } = input
  if (waitOf(input).ms !== null) return true
  return !stream && signals.sideKind === null && !signals.trajectory.inToolLoop && endogenous.turn === 0
}
