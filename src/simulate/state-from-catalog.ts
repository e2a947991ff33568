import { abilityForTask, type ModelRev } from '../catalog/index.js'
import { type DecideInput, emptyLearned, type ModelState, modelStates } from '../policy/index.js'

/** No later learning depends on this. */
const NOTHING = emptyLearned()

/** A model of which nothing was measured here, as the catalog expects it for a request. */
export function stateFromCatalog(rev: ModelRev, { signals }: DecideInput): ModelState {
  const ability = abilityForTask(rev, signals.task, signals.needs.includes('vision'))
  return modelStates(NOTHING, signals, [{ rev, breaker: 'closed', quotaLeft: null, ability }])[0]!
}
