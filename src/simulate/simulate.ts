import type { Ledger } from '../ledger/index.js'
import type { Alternative } from './alternatives.js'
import { type Behaviour, fitBehaviour } from './behaviour.js'
import { modelsLogged, readTables } from './logged-call.js'
import { type Measured, measureLog } from './measure-log.js'
import { type Counts, type ReplayRequest, replayLog } from './replay-log.js'
import { resultOf, type Simulation, withPathError } from './result.js'

export interface SimulateOptions {
  /** Milliseconds since the epoch; calls outside still move the state, but are not counted. */
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Decide pinned calls again instead of keeping them. */
  readonly includePinned?: boolean
  /** Leave out what only the width of intervals needs. By default for more policies than are usually compared at once. */
  readonly quick?: boolean
  /** Called now and then with the number of further calls read; a log is read twice. */
  readonly progress?: (calls: number) => void
}

/** Policies at once whose intervals are looked into. */
const MOST_COMPARED = 8

/** Defaults of `options` for this many policies, with answers for the complete log. */
export function rangeOf({ sinceMs, untilMs, includePinned, quick }: SimulateOptions, policies: number) {
  return {
    sinceMs: sinceMs ?? Number.NEGATIVE_INFINITY,
    untilMs: untilMs ?? Number.POSITIVE_INFINITY,
    includePinned: includePinned ?? false,
    quick: quick ?? policies > MOST_COMPARED,
  }
}

export function behaviourOf(ledger: Pick<Ledger, 'modelRevs'>, measured: Measured): Behaviour {
  return fitBehaviour(measured, new Map(modelsLogged(ledger).map((rev) => [rev.id, rev])))
}

/** Replays the ledger under each of the policies, in this thread. Throws E_EMPTY when no call is in the range, or none of it `counts`. */
export function simulate(
  ledger: Ledger,
  alternatives: readonly Alternative[],
  options: SimulateOptions = {},
  counts?: Counts,
): readonly Simulation[] {
  return replayMeasured(ledger, measure(ledger, options), alternatives, options, { counts })
}

/** What a replay of the ledger rests on, from a first reading of it. */
export function measure(ledger: Ledger, { progress }: SimulateOptions) {
  const tables = readTables(ledger)
  return { tables, behaviour: behaviourOf(ledger, measureLog(ledger, tables, {}, progress).sums) }
}

/** The second reading: decides again. */
export function replayMeasured(
  ledger: Ledger,
  { tables, behaviour }: ReturnType<typeof measure>,
  alternatives: readonly Alternative[],
  options: SimulateOptions,
  more: Pick<ReplayRequest, 'counts' | 'watch'>,
): readonly Simulation[] {
  const { quick, ...range } = rangeOf(options, alternatives.length)
  const paths = quick ? [] : alternatives
  const { progress } = options
  const replayed = replayLog(ledger, { tables, behaviour, alternatives, paths, check: true, progress, ...more, ...range })
  return replayed.imagined.map((one, i) => withPathError(resultOf(one, replayed, behaviour), replayed.pathErrors[i] ?? null))
}
