import { logit } from '../kit/index.js'
import { ABILITY_ANCHORS } from './data/model-facts.data.js'
import type { ModelFacts } from './facts.js'
import { type Guessable, guessRaw } from './guess-ability.js'
import { ABILITY_GROUPS, type Ability, type AbilityGroup } from './types.js'

/**
 * The scale: P(good answer) = sigmoid(ability - difficulty), and a request of the reference difficulty has difficulty 0. Benchmarks
 * give raw abilities, whose unit differs by group (Elo is compressed, mathematics spreads wide). Each group is therefore mapped by a
 * straight line through two anchors: the small models of 2024 (GPT-4o mini, GPT-4.1 nano, Gemini 2.0 Flash-Lite and their like) are
 * good in 62 of 100 reference requests, the best three models of autumn 2026 in 95. The 7B to 70B models of 2024 come out near 0.
 * These two rates are a judgement, not a measurement; outcomes in the ledger move each model from there.
 */
const LOW_QUALITY = 0.62
const HIGH_QUALITY = 0.95
/** Standard error, in logits, of an ability that the user configured: trusted, but still adjusted by what the ledger observes. */
const CONFIGURED_SE = 0.3
/** Qualities of 0 and 1 would be infinite logits. */
const CLIP = 1e-3

export type Abilities = Readonly<Record<AbilityGroup, Ability>>

function clippedLogit(p: number): number {
  return logit(Math.min(1 - CLIP, Math.max(CLIP, p)))
}

/** Logits per unit of raw ability of a group. */
function abilitySlope(group: AbilityGroup): number {
  const { low, high } = ABILITY_ANCHORS[group]
  return (logit(HIGH_QUALITY) - logit(LOW_QUALITY)) / (high - low)
}

/** Raw benchmark ability to logits; rounded, since nothing beyond three digits is known. */
function scaleAbility(group: AbilityGroup, raw: readonly [mean: number, se: number]): Ability {
  const slope = abilitySlope(group)
  return { mean: round(logit(LOW_QUALITY) + slope * (raw[0] - ABILITY_ANCHORS[group].low)), se: round(slope * raw[1]) }
}

const round = (x: number): number => Math.round(x * 1000) / 1000

/** Ability from public scores if there are any, else estimated from price, date and name. */
export function abilityOf(facts: ModelFacts | null, model: Guessable): Abilities {
  return byGroup((group, i) => scaleAbility(group, facts?.ability[i] ?? guessRaw(group, model)))
}

/** Configured quality as ability. Groups that are not named keep their prior. */
export function abilityFromQuality(quality: number | Partial<Readonly<Record<AbilityGroup, number>>>, prior: Abilities): Abilities {
  return byGroup((group) => {
    const q = typeof quality === 'number' ? quality : quality[group]
    return q === undefined ? prior[group] : { mean: clippedLogit(q), se: CONFIGURED_SE }
  })
}

function byGroup(of: (group: AbilityGroup, index: number) => Ability): Abilities {
  return Object.fromEntries(ABILITY_GROUPS.map((group, i) => [group, of(group, i)])) as Record<AbilityGroup, Ability>
}
