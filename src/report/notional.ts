import type { ModelRev } from '../catalog/types.js'
import type { Nano } from '../kit/index.js'
import type { CallRow, Ledger, RollupRow, TimeRange } from '../ledger/index.js'
import { sumOf } from './sums.js'
import { wholeHours } from './whole-hours.js'

/** Calls paid with the client's own credential: their list-price cost was not billed to llmroute's user. */
export interface Notional {
  isNotional(call: CallRow): boolean
  /** Models whose every call is notional, */
  readonly models: ReadonlySet<string>
  /** and the notional calls of models that were billed before or after, in the range. */
  readonly calls: readonly CallRow[]
}

/** Money of some calls, notional amounts separate. */
export type Money = Readonly<ReturnType<typeof moneyOf>>

/**
 * Finds them in a range that is rounded to whole hours, as for the hourly totals. Calls of mixed models that were pruned count as
 * billed.
 */
export function findNotional(ledger: Ledger, range: TimeRange): Notional {
  const models = notionalModels(ledger)
  const isNotional = readerOf(ledger, models)
  const calls = [...models.mixed].flatMap((model) => ledger.listCalls({ ...wholeHours(range), model, source: null }))
  return { isNotional, models: models.always, calls: calls.filter(isNotional) }
}

/** Adds up rows of the hourly totals, by model at least, and subtracts notional amounts: `calls` are the mixed models' ones among them. */
export function moneyOf(rows: readonly RollupRow[], calls: readonly CallRow[], { models }: Pick<Notional, 'models'>) {
  const isNotional = (row: RollupRow): boolean => models.has(row.by.model ?? '')
  const notional = rows.filter(isNotional)
  const billed = rows.filter((row) => !isNotional(row))
  const notBilled = sumOf(calls, (call) => call.costNano ?? 0)
  return {
    costNano: sumOf(billed, (row) => row.costNano) - notBilled,
    notionalCalls: sumOf(notional, (row) => row.calls) + calls.length,
    notionalNano: sumOf(notional, (row) => row.costNano) + notBilled,
    /** Over calls that were billed and compared. */
    savedNano: sumOf(billed, (row) => row.baselineCostNano - row.comparedCostNano) - sumOf(calls, saved),
  }
}

function saved({ costNano, baselineCostNano }: CallRow): Nano {
  return costNano === null || baselineCostNano === null ? 0 : baselineCostNano - costNano
}

/** Whether the client's own credential paid for a call, by the revision of the model that answered. */
export function notionalReader(ledger: Ledger): (call: CallRow) => boolean {
  return readerOf(ledger, notionalModels(ledger))
}

function readerOf(ledger: Ledger, { always, mixed, hashes }: ReturnType<typeof notionalModels>): (call: CallRow) => boolean {
  return ({ id, model }) => {
    if (model === null || !mixed.has(model)) return model !== null && always.has(model)
    return ledger.attemptsOf(id).some((a) => a.purpose === 'serve' && a.model === model && hashes.has(a.modelRev))
  }
}

/** A provider's configuration may have changed: only for `mixed` models must the attempts themselves be read. */
function notionalModels(ledger: Ledger) {
  const revs = [...ledger.modelRevs()].flatMap(([hash, json]) => (json === '' ? [] : [{ hash, ...(JSON.parse(json) as ModelRev) }]))
  const notional = revs.filter((rev) => rev.notional)
  const billed = new Set(revs.filter((rev) => !rev.notional).map(({ id }) => id))
  const models = new Set(notional.map(({ id }) => id))
  return {
    always: new Set([...models].filter((id) => !billed.has(id))),
    mixed: new Set([...models].filter((id) => billed.has(id))),
    hashes: new Set(notional.map(({ hash }) => hash)),
  }
}
