import type { Task } from '../../classify/index.js'
import type { LabelledRow } from '../labelled-rows.js'
import type { Sign } from './signs.js'

/** One of the user's own calls, reduced to what can be learned from it. */
export interface HomeRow {
  readonly id: string
  /** Rows of a session are held out together. */
  readonly session: string
  readonly prompt: string
  /** Ability of the model that answered, for this kind of work, logits. */
  readonly ability: number
  /** How good the answer seems, 0 to 1, and the weight of that relative to a user's feedback. */
  readonly good: number
  readonly weight: number
}

/** How good an answer with this sign is taken to be, and the sign's weight: a person's word is 1. */
const MEANING: Readonly<Record<Sign, readonly [good: number, weight: number]>> = {
  refusal: [0.1, 0.25],
  empty: [0, 0.5],
  truncated: [0.3, 0.2],
  'invalid-json': [0, 0.5],
  'tool-parse': [0, 0.5],
  repeat: [0.1, 0.35],
  correction: [0.2, 0.3],
  retry: [0.1, 0.35],
  'check-failed': [0.2, 0.3],
  'check-passed': [0.95, 0.3],
}
/** An answer after which the conversation went on without complaint is mildly good news. */
const UNTROUBLED: readonly [good: number, weight: number] = [0.85, 0.1]

/** Label of a call: the person's word if there is one, else the gravest sign, else that the conversation went on; null says nothing. */
export function labelCall(
  feedback: number | null,
  signs: readonly Sign[],
  wentOn: boolean,
): { readonly good: number; readonly weight: number } | null {
  if (feedback !== null) return { good: Math.max(0, Math.min(1, feedback)), weight: 1 }
  const gravest = signs.map((sign) => MEANING[sign]).sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
  const [good, weight] = gravest ?? (wentOn ? UNTROUBLED : [0, 0])
  return weight === 0 ? null : { good, weight }
}

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
