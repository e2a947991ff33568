import type { Complexity, Task } from '../../classify/types.js'
import { logit, sigmoid } from '../../kit/index.js'

/**
 * Observations of one model on one kind of work: weighted good and bad answers, and the sum of their difficulties in logits. Plain data.
 */
interface Seen {
  good: number
  bad: number
  difficulty: number
}

/** By model, then `task/complexity`; `all` is the model over all work. */
export type QualitySeen = Record<string, Record<string, Seen>>

const ALL = 'all'
/** Share of old outcomes kept at each new one. */
const KEEP = 0.995
/** The model's overall evidence counts against this many pseudo-observations, more than one kind of work's does, since it mixes them. */
const OVERALL_STRENGTH = 40
const LEAST_STRENGTH = 4
/** No prior is believed more than this, logits. */
export const LEAST_SE = 0.05
const MOST_STRENGTH = 200

export function cellOf(task: Task, complexity: Complexity): string {
  return `${task}/${complexity}`
}

function addTo(cells: Record<string, Seen>, name: string, good: number, weight: number, difficulty: number): void {
  cells[name] ??= { good: 0, bad: 0, difficulty: 0 }
  const s = cells[name]
  s.good = s.good * KEEP + good * weight
  s.bad = s.bad * KEEP + (1 - good) * weight
  s.difficulty = s.difficulty * KEEP + difficulty * weight
}

/** Counts an outcome: `good` from 0 to 1, with a weight of at most 1. */
export function addQuality(seen: QualitySeen, model: string, cell: string, good: number, weight: number, difficulty: number): void {
  seen[model] ??= {}
  addTo(seen[model], cell, good, weight, difficulty)
  addTo(seen[model], ALL, good, weight, difficulty)
}

/**
 * What outcomes say about an answer's quality: the value that counts as good (0 bad, 1 good, null: the outcome's own value) and its weight.
 * Signs of formal errors count less than a user's feedback, since the request may have been at fault.
 */
const OUTCOMES: Readonly<Record<string, { readonly good: number | null; readonly weight: number }>> = {
  feedback: { good: null, weight: 1 },
  judge: { good: null, weight: 0.5 },
  'invalid-json': { good: 0, weight: 0.5 },
  'tool-parse': { good: 0, weight: 0.5 },
  empty: { good: 0, weight: 0.5 },
  refusal: { good: 0, weight: 0.25 },
  repeat: { good: 0, weight: 0.25 },
}

/** Null for an outcome that says nothing about quality. A value is from 0, bad, to 1, good. */
export function qualityOfOutcome(kind: string, value: number | null): { readonly good: number; readonly weight: number } | null {
  const known = OUTCOMES[kind]
  if (known === undefined) return null
  const good = known.good ?? value
  return good === null ? null : { good, weight: known.weight }
}

/**
 * Pseudo-observations that a prior with this standard error (logits) is worth at quality `q`: a Beta with the same variance of its logit.
 */
function priorStrength(se: number, q: number): number {
  const strength = 1 / (se * se * q * (1 - q)) - 1
  return Math.max(LEAST_STRENGTH, Math.min(MOST_STRENGTH, strength))
}

/** Ability after a Beta update: the prior predicts q0 at the mean observed difficulty, with the weight of `strength` observations. */
function update(ability: number, strength: number, s: Seen | undefined): number {
  const n = s === undefined ? 0 : s.good + s.bad
  if (s === undefined || n <= 0) return ability
  const difficulty = s.difficulty / n
  const q0 = sigmoid(ability - difficulty)
  const q = (q0 * strength + s.good) / (strength + n)
  return difficulty + logit(q)
}

/**
 * Ability of a model for a kind of work: the catalog's prior, adjusted by all observations of the model, then by this kind of work. Each
 * step is a Beta posterior, so without outcomes it is the prior, and it never goes beyond what was observed.
 */
export function posterior(seen: QualitySeen, model: string, cell: string, prior: { readonly mean: number; readonly se: number }) {
  const cells = seen[model]
  const se = Math.max(prior.se, LEAST_SE)
  const overall = update(prior.mean, OVERALL_STRENGTH, cells?.[ALL])
  const own = cells?.[cell]
  const n = own === undefined ? 0 : own.good + own.bad
  const strength = priorStrength(se, sigmoid(overall - (own === undefined || n <= 0 ? 0 : own.difficulty / n)))
  return {
    ability: update(overall, strength, own),
    sd: se * Math.sqrt(strength / (strength + n)),
    /** Pseudo-observations of the prior, and real ones of this kind of work: shown to people. */
    priorStrength: strength,
    observations: n,
  }
}
