import { abilityForTask, findFacts, type ModelRev, resolveModel } from '../../catalog/index.js'
import type { Task } from '../../classify/index.js'
import { entry } from '../../kit/index.js'

/**
 * Ability of a model for a task, in logits, by its id in the pool, by its bare name there, or by the catalog's entry for the name; else
 * null.
 */
export function modelAbilities(pool: readonly ModelRev[]): (model: string, task: Task) => number | null {
  const known = new Map<string, ModelRev | null>(pool.flatMap((rev) => [[rev.name, rev] as const, [rev.id, rev] as const]))
  return (model, task) => {
    const rev = entry(known, model, fromCatalog)
    return rev === null ? null : abilityForTask(rev, task).mean
  }
}

function fromCatalog(model: string): ModelRev | null {
  const name = model.slice(model.lastIndexOf('/') + 1)
  if (findFacts(name) === null) return null
  const provider = { id: 'labelled', wire: 'openai-chat', wires: ['openai-chat'], local: false, priceId: null } as const
  return resolveModel({ id: `labelled/${name}` }, { provider, prices: null })
}
