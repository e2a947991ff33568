import type { Task } from '../../classify/index.js'
import type { LabelledRow } from '../labelled-rows.js'
import type { HomeRow } from './home-row.js'

/**
 * Labelled questions as rows for `refit`, one for each model that the catalog knows; every question has the same weight however many models
 * answered it.
 */
export function homeRowsOf(rows: readonly LabelledRow[], abilityOf: (model: string, task: Task) => number | null): readonly HomeRow[] {
  return rows.flatMap((row) => {
    const known = Object.entries(row.models).flatMap(([model, good]) => {
      const ability = abilityOf(model, 'question')
      return ability === null ? [] : [{ id: `${row.id}/${model}`, session: row.id, prompt: row.prompt, ability, good }]
    })
    return known.map((one) => ({ ...one, weight: 1 / known.length }))
  })
}
