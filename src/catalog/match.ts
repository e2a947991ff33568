import { dashedName, undatedName } from './model-name.js'

/** A model that a name may mean. `cost` orders candidates when several fit: any price will do, null sorts last. */
export interface Nameable {
  readonly id: string
  readonly cost: number | null
}

/**
 * The pool's model that a client's name means, or null. Tried in order: the id itself; the id ignoring case, dots and dashes; the name
 * without its provider; the name without a snapshot date. Nothing looser is guessed: `claude-sonnet-4` never means `claude-sonnet-4-5`. If
 * several models match equally, the cheapest is meant, so that a loose name never costs more than necessary.
 */
export function matchModel(name: string, pool: readonly Nameable[]): Nameable | null {
  const exact = pool.find((model) => model.id === name)
  if (exact) return exact
  const prefixed = providerNamed(name, pool)
  for (const key of [wholeName, dashedName, undatedName]) {
    const wanted = key(name)
    const fits = pool.filter((model) => key(model.id) === wanted && (prefixed === null || providerOf(model.id) === prefixed))
    if (fits.length > 0) return cheapest(fits)
  }
  return null
}

function wholeName(name: string): string {
  return name.split('/').map(dashedName).join('/')
}

const providerOf = (id: string): string => id.slice(0, id.indexOf('/')).toLowerCase()

/** The provider named in the request, if the pool has it: then only that provider's models match. */
function providerNamed(name: string, pool: readonly Nameable[]): string | null {
  if (!name.includes('/')) return null
  const first = providerOf(name)
  return pool.some((model) => providerOf(model.id) === first) ? first : null
}

function cheapest(models: readonly Nameable[]): Nameable {
  return models.reduce((best, model) => ((model.cost ?? Number.POSITIVE_INFINITY) < (best.cost ?? Number.POSITIVE_INFINITY) ? model : best))
}
