import { abilityForTask, findFacts, type ModelRev, resolveModel } from '../../catalog/index.js'
import type { Classifier, Task } from '../../classify/index.js'
import { entry, Fault } from '../../kit/index.js'
import {
  type Comparison,
  type DifficultyResult,
  type GainResult,
  homeRowsOf,
  type LabelledRow,
  labelRows,
  type RefitResult,
  readHomeRows,
  refit,
  train,
} from '../../learn/index.js'
import type { CallRow, Ledger } from '../../ledger/index.js'

export interface Training extends Comparison {
  /** `anew` fits the whole model, `correction` only the errors of the present one. */
  readonly method: 'anew' | 'correction'
  readonly sessions: number | null
  readonly better: boolean
  readonly reason: string
  readonly bytes: Uint8Array | null
  readonly gains: readonly GainResult[]
  readonly difficulties: readonly DifficultyResult[]
}

/** Fewer general questions than this cannot support a separate model; they correct the present one. */
const ENOUGH = 1000

/**
 * Enough general questions, each answered by two models or more, fit a new model. Contests, tool calls and issues alone do not: the other
 * parts depend on general questions.
 */
export function methodFor(rows: readonly LabelledRow[]): Training['method'] {
  return countGeneral(rows) >= ENOUGH ? 'anew' : 'correction'
}

function countGeneral(rows: readonly LabelledRow[]): number {
  const labels = labelRows(rows)
  return rows.filter((row, i) => Object.keys(row.models).length > 1 && labels[i]?.kind === 'exam' && Number.isFinite(labels[i]?.gain))
    .length
}

/** Throws E_USAGE for data that no model can be fitted on. */
export function trainAnew(rows: readonly LabelledRow[], present: Classifier, seed: number, progress: (stage: string) => void): Training {
  const general = countGeneral(rows)
  if (general < ENOUGH / 2)
    throw new Fault('E_USAGE', `${general} general questions answered by two models or more are too few to fit anew.`, {
      hint: `Give ${ENOUGH}, or correct the present weights with --correct.`,
    })
  const fitted = train({ rows, present: present.vectors, seed, progress })
  const { comparison } = fitted
  const better = comparison.gain > comparison.gainSe
  return {
    method: 'anew',
    ...comparison,
    sessions: null,
    better,
    reason: better
      ? 'The new weights tell failures better on questions that they had not seen.'
      : 'The new weights are not clearly better on questions that they had not seen, so the present ones stay.',
    bytes: fitted.bytes,
    gains: fitted.gain,
    difficulties: fitted.difficulty,
  }
}

export function correctByRows(rows: readonly LabelledRow[], present: Classifier, pool: readonly ModelRev[], seed: number): Training {
  if (rows.length === 0)
    throw new Fault('E_EMPTY', 'There is no labelled row in this data.', { hint: 'See `llmroute train --help` for what a row is.' })
  const known = homeRowsOf(rows, modelAbilities(pool))
  if (known.length === 0)
    throw new Fault('E_EMPTY', 'No model of these rows is in the catalog, so nothing can be said of how able it is.', {
      hint: 'Name models as the pool does, or give 1,000 questions answered by two models or more to fit anew.',
    })
  return fromRefit(refit(known, present, seed), false)
}

/** `exclude` as the configuration's `classifier.neverLearnFrom` has it. */
export function correctByLedger(
  ledger: Ledger,
  present: Classifier,
  pool: readonly ModelRev[],
  exclude: readonly string[],
  since: number | undefined,
  seed: number,
): Training {
  const rows = readHomeRows(ledger, {
    abilityOf: modelAbilities(pool),
    ...(since === undefined ? {} : { since }),
    isExcluded: (call) => exclude.some((scope) => isOf(call, scope)),
  })
  if (rows.length === 0)
    throw new Fault('E_EMPTY', 'No call in the ledger says how its answer was.', {
      hint: 'Say it with `llmroute feedback last good`, or let agents work: failing tests and repeated questions count too.',
    })
  return fromRefit(refit(rows, present, seed), true)
}

function isOf(call: CallRow, scope: string): boolean {
  const [kind, name = ''] = scope.split(/:(.*)/s)
  switch (kind) {
    case 'tag':
      return call.tags.includes(name)
    case 'profile':
      return call.profile === name
    case 'client':
      return call.client === name
    default:
      return call.key === name
  }
}

function fromRefit(result: RefitResult, ofSessions: boolean): Training {
  const sessions = ofSessions ? result.sessions : null
  return { method: 'correction', ...result, sessions, better: result.bytes !== null, gains: [], difficulties: [] }
}

/**
 * Ability of a model for a task, in logits, by its id in the pool, by its bare name there, or by the catalog's entry for the name; else
 * null.
 */
function modelAbilities(pool: readonly ModelRev[]): (model: string, task: Task) => number | null {
  const known = new Map<string, ModelRev | null>(pool.flatMap((rev) => [[rev.name, rev] as const, [rev.id, rev] as const]))
  return (model, task) => {
    const rev = entry(known, model, fromCatalog)
    return rev === null ? null : abilityForTask(rev, task).mean
  }
}

function fromCatalog(model: string): ModelRev | null {
  const name = model.slice(model.lastIndexOf('/') + 1)
  if (findFacts(name) === null) return null
  const provider = { id: 'labelled', wire: 'openai-chat', wires: ['openai-chat'], local: false, priceId: null } as const
  return resolveModel({ id: `labelled/${name}` }, { provider, prices: null })
}
