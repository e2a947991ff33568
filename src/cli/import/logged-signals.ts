import { totalInput, type Usage } from '../../canonical/index.js'
import { abilityForTask, type ModelRev } from '../../catalog/index.js'
import type { Signals } from '../../classify/index.js'
import { emptyLearned, type ModelState, modelStates } from '../../policy/index.js'

/** Signals of a logged request with the prompt's size as reported: logs lack system prompts and tools, the tokens contain them. */
export function signalsAsReported(signals: Signals, usage: Usage, rev: ModelRev): Signals {
  const reported = totalInput(usage)
  if (reported === null) return signals
  const inputTokens = Math.max(signals.inputTokens, Math.round(reported / rev.tokenizerRatio))
  const unseen = inputTokens - signals.inputTokens
  return { ...signals, inputTokens, envelope: { ...signals.envelope, tokens: signals.envelope.tokens + unseen } }
}

/** One object for all calls, since results are cached per object. */
const NOTHING_LEARNED = emptyLearned()

/** Expectations of each model from the catalog alone: nothing was measured here when the call was made. */
export function loggedStates(models: readonly ModelRev[], signals: Signals): readonly ModelState[] {
  const withImages = signals.needs.includes('vision')
  return modelStates(
    NOTHING_LEARNED,
    signals,
    models.map((rev) => ({ rev, breaker: 'closed', quotaLeft: null, ability: abilityForTask(rev, signals.task, withImages) })),
  )
}
