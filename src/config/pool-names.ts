import { matchModel } from '../catalog/index.js'
import type { Rule } from '../policy/types.js'

/** How the pool spells a model that the configuration names; a name that the pool does not know stays as it is. */
export type Spell = (name: string) => string

/** Spelling by the pool's own rules for names: dots, dashes, dates and case are forgiven, another model is never meant. */
export function poolSpelling(pool: readonly string[]): Spell {
  const models = pool.map((id) => ({ id, cost: null }))
  return (name) => matchModel(name, models)?.id ?? name
}

/** The same rule with the pool's own names. */
export function spellRule(rule: Rule, spell: Spell): Rule {
  const { use } = rule
  if (use === undefined) return rule
  const one = (name: string): string => (name.startsWith('profile:') ? name : spell(name))
  return { ...rule, use: typeof use === 'string' ? one(use) : use.map(one) }
}
