import { ABILITY_GROUPS, type Ability, type AbilityGroup, type Rates } from './types.js'

/** Standard error of an ability that the user configured, logits: trusted, but moved by what the ledger sees. */
const CONFIGURED_SE = 0.3
/** Qualities of 0 and 1 would be infinite logits. */
const CLIP = 1e-3

export function logit(p: number): number {
  const clipped = Math.min(1 - CLIP, Math.max(CLIP, p))
  return Math.log(clipped / (1 - clipped))
}

type Abilities = Readonly<Record<AbilityGroup, Ability>>

/** Configured quality as ability. Groups that are not named keep their prior. */
export function abilityFromQuality(quality: number | Partial<Readonly<Record<AbilityGroup, number>>>, prior: Abilities): Abilities {
  const of = (group: AbilityGroup): Ability => {
    const q = typeof quality === 'number' ? quality : quality[group]
    return q === undefined ? prior[group] : { mean: logit(q), se: CONFIGURED_SE }
  }
  return Object.fromEntries(ABILITY_GROUPS.map((group) => [group, of(group)])) as Record<AbilityGroup, Ability>
}

export function guessAbility(_rates: Rates | null): Abilities {
  return Object.fromEntries(ABILITY_GROUPS.map((group) => [group, { mean: 1.2, se: 0.8 }])) as Record<AbilityGroup, Ability>
}
