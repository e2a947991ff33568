import type { Ledger } from '../../ledger/index.js'
import type { Alternative } from '../alternatives.js'
import type { Behaviour } from '../behaviour.js'
import type { Simulation } from '../result.js'
import { measure, replayMeasured, type SimulateOptions } from '../simulate.js'
import { type Changes, watchChanges } from './watch-changes.js'

/** A policy's result, and every call that it rests on. */
export interface SimulatedChanges extends Changes {
  readonly simulation: Simulation
  readonly behaviour: Behaviour
}

/** Replays the ledger under one policy and keeps the calls that change. Throws E_EMPTY when no call is in the range. */
export function simulateChanges(ledger: Ledger, alternative: Alternative, options: SimulateOptions = {}): SimulatedChanges {
  const measured = measure(ledger, options)
  const { behaviour } = measured
  const { watch, done } = watchChanges(behaviour)
  const [simulation] = replayMeasured(ledger, measured, [alternative], options, { watch })
  if (simulation === undefined) throw new Error('a policy was replayed without a result')
  return { simulation, behaviour, ...done() }
}
