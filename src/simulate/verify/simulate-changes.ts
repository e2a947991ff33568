import type { Ledger } from '../../ledger/index.js'
import type { Alternative } from '../alternatives.js'
import type { Behaviour } from '../behaviour.js'
import { measureLog } from '../measure-log.js'
import { readTables } from '../read-tables.js'
import { replayLog } from '../replay-log.js'
import { resultOf, withPathError } from '../result.js'
import { behaviourOf, rangeOf, type SimulateOptions } from '../simulate.js'
import type { Simulation } from '../types.js'
import { type Changes, watchChanges } from './watch-changes.js'

/** A policy's result, and every call that it rests on. */
export interface SimulatedChanges extends Changes {
  readonly simulation: Simulation
  readonly behaviour: Behaviour
}

/** Replays the ledger under one policy and keeps the calls that change. Throws E_EMPTY when no call is in the range. */
export function simulateChanges(ledger: Ledger, alternative: Alternative, options: SimulateOptions = {}): SimulatedChanges {
  const { progress } = options
  const tables = readTables(ledger)
  const behaviour = behaviourOf(ledger, measureLog(ledger, tables, {}, progress))
  const { watch, done } = watchChanges(behaviour)
  const { quick, ...range } = rangeOf(options, 1)
  const replayed = replayLog(ledger, {
    tables,
    behaviour,
    alternatives: [alternative],
    paths: quick ? [] : [alternative],
    check: true,
    progress,
    watch,
    ...range,
  })
  const [simulation] = replayed.imagined.map((one) => resultOf(one, replayed, behaviour))
  if (simulation === undefined) throw new Error('a policy was replayed without a result')
  return { simulation: withPathError(simulation, replayed.pathErrors[0] ?? null), behaviour, ...done() }
}
