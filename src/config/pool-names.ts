import { matchModel } from '../catalog/index.js'
import type { Rule } from '../policy/types.js'

/** The pool's spelling of a model named in the configuration; a name the pool does not know stays unchanged. */
export type Spell = (name: string) => string

/** Matching by the pool's rules for names: dots, dashes, dates and case are ignored, another model never matches. */
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
