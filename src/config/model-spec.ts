import { ABILITY_GROUPS, type AbilityGroup, type ModelSpec, TASK_MIX } from '../catalog/index.js'
import type { Config } from './schema/config.js'

type Entry = NonNullable<Config['models']>[number]
type Quality = NonNullable<Extract<Entry, object>['quality']>

/** A model as the catalog takes it, from a model as users write it. */
export function toModelSpec(entry: Entry): ModelSpec {
  if (typeof entry === 'string') return { id: entry }
  const { cache, quality, ...rest } = entry
  return {
    ...rest,
    ...(cache ? { cache: { mode: cache.mode, minTokens: cache.minTokens, stepTokens: cache.stepTokens, ttlMs: cache.ttl } } : {}),
    ...(quality === undefined ? {} : { quality: typeof quality === 'number' ? quality : byGroup(quality) }),
  }
}

/** Qualities by task as qualities by ability group: the mean over the tasks that draw on a group, unless the group itself is named. */
function byGroup(quality: Exclude<Quality, number>): Partial<Record<AbilityGroup, number>> {
  const result: Partial<Record<AbilityGroup, number>> = {}
  for (const group of ABILITY_GROUPS) {
    const own = group in quality ? quality[group] : meanOfTasks(quality, group)
    if (own !== undefined) result[group] = own
  }
  return result
}

function meanOfTasks(quality: Exclude<Quality, number>, group: AbilityGroup): number | undefined {
  let sum = 0
  let total = 0
  for (const [task, value] of Object.entries(quality)) {
    const weight = TASK_MIX[task]?.find(([name]) => name === group)?.[1] ?? 0
    sum += weight * value
    total += weight
  }
  return total > 0 ? sum / total : undefined
}
