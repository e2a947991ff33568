import type { Ability, AbilityGroup, ModelRev } from './types.js'

type Mix = readonly (readonly [AbilityGroup, weight: number])[]

/** Weights of a row sum to 1. The names are those of `classify`'s tasks. */
const WEIGHTS: Readonly<Record<string, Partial<Record<AbilityGroup, number>>>> = {
  chat: { chat: 1 },
  question: { knowledge: 1 },
  classification: { chat: 1 },
  extraction: { chat: 1 },
  transformation: { chat: 1 },
  summarization: { chat: 0.5, writing: 0.5 },
  translation: { chat: 0.5, writing: 0.5 },
  code: { coding: 1 },
  debugging: { coding: 1 },
  math: { math: 1 },
  reasoning: { math: 0.5, knowledge: 0.5 },
  writing: { writing: 1 },
  analysis: { knowledge: 0.5, chat: 0.5 },
  planning: { tools: 0.5, chat: 0.5 },
  'agent-step': { tools: 0.5, coding: 0.5 },
}

/** Which abilities a kind of work draws on; as lists, which every decision goes through. */
export const TASK_MIX: Readonly<Record<string, Mix>> = Object.fromEntries(
  Object.entries(WEIGHTS).map(([task, weights]) => [task, Object.entries(weights) as unknown as Mix]),
)

/** Share of the vision ability when the request holds images. */
const VISION_SHARE = 0.5

/** A model's ability for a kind of work, logits; an unknown kind is judged as chat. */
export function abilityForTask(rev: Pick<ModelRev, 'ability'>, task: string, withImages = false): Ability {
  const work = mixed(rev, TASK_MIX[task] ?? TASK_MIX.chat!)
  if (!withImages) return work
  const { vision } = rev.ability
  return {
    mean: (1 - VISION_SHARE) * work.mean + VISION_SHARE * vision.mean,
    se: Math.hypot((1 - VISION_SHARE) * work.se, VISION_SHARE * vision.se),
  }
}

function mixed(rev: Pick<ModelRev, 'ability'>, mix: Mix): Ability {
  let mean = 0
  let variance = 0
  for (const [group, weight] of mix) {
    mean += weight * rev.ability[group].mean
    variance += (weight * rev.ability[group].se) ** 2
  }
  return { mean, se: Math.sqrt(variance) }
}

/** Models that answer in words; the others of a pool make embeddings. */
export function chatModels(models: readonly ModelRev[]): readonly ModelRev[] {
  return models.filter(({ kind }) => kind === 'chat')
}

/** The chat model with the highest mean ability over all groups, the dearer one when two are equal; null when there is none. */
export function ablest(models: readonly ModelRev[]): ModelRev | null {
  const mean = ({ ability }: ModelRev): number => Object.values(ability).reduce((sum, a) => sum + a.mean, 0)
  const sorted = chatModels(models).toSorted((a, b) => mean(b) - mean(a) || (b.rates?.output ?? 0) - (a.rates?.output ?? 0))
  return sorted[0] ?? null
}
