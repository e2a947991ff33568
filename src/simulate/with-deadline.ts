import type { ModelRev } from '../catalog/index.js'
import { formatMs } from '../kit/index.js'
import { type DecideInput, waitOf } from '../policy/index.js'
import type { Alternative, AlternativeSpec } from './alternatives.js'

/** Deadlines from which a provider's batch can be counted on, and its flex tier: twice what they usually take. */
const BATCH_MS = 2 * 3_600_000
const FLEX_MS = 2 * 60_000

/**
 * As if calls that nobody watched had been given a deadline: each at the rates of its model's batch tier, or flex tier where there is no batch or
 * no time for one. Models are chosen as before, at those rates. Caches count for nothing there, since nobody promises when, and so with
 * which cache, such a call runs.
 */
export function withDeadline(base: Alternative, deadlineMs: number): Alternative {
  const slower = new Map<ModelRev, ModelRev>()
  const slowerOf = (rev: ModelRev): ModelRev => {
    const known = slower.get(rev)
    if (known !== undefined) return known
    const tier = deadlineMs >= BATCH_MS && rev.batchRates ? 'batch' : deadlineMs >= FLEX_MS && rev.flexRates ? 'flex' : null
    const rates = tier === 'batch' ? rev.batchRates : rev.flexRates
    const made: ModelRev = tier === null || rates == null ? rev : { ...rev, tier, rates, cache: { ...rev.cache, mode: 'none' } }
    slower.set(rev, made)
    return made
  }
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

/** A call that had a deadline could wait; so could one whose answer was not watched as it came, and that was no step of a longer conversation. */
function couldWait(input: DecideInput): boolean {
  const { stream, signals, endogenous } = input
  if (waitOf(input).ms !== null) return true
  return !stream && signals.sideKind === null && !signals.trajectory.inToolLoop && endogenous.turn === 0
}
