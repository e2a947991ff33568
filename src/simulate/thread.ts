import { parentPort, workerData } from 'node:worker_threads'
import { asFault } from '../kit/index.js'
import { openLedger } from '../ledger/index.js'
import { type AlternativeSpec, alternativeOf } from './alternatives.js'
import type { BaselineSum } from './baselines.js'
import type { LogCheck } from './log-check.js'
import { type Measured, measureLog } from './measure-log.js'
import { readTables } from './read-tables.js'
import { replayLog } from './replay-log.js'
import { resultOf } from './result.js'
import { behaviourOf, rangeOf, type SimulateOptions } from './simulate.js'
import type { Simulation } from './types.js'

/** The work of a thread: measure its part of the log, then replay the complete log for some of the policies. */
export interface ThreadTask {
  readonly path: string
  readonly part: { readonly fromSeq: number; readonly untilSeq: number }
  readonly specs: readonly AlternativeSpec[]
  /** Policies whose paths are drawn here, wherever they are followed. */
  readonly paths: readonly AlternativeSpec[]
  readonly check: boolean
  readonly options: Omit<SimulateOptions, 'progress' | 'quick'>
}

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly calls: number }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | {
      readonly kind: 'done'
      readonly results: readonly Simulation[]
      readonly pathErrors: readonly (number | null)[]
      readonly check: LogCheck | null
      readonly baselines: readonly BaselineSum[]
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | null }

if (parentPort !== null) {
  const port = parentPort
  const say = (message: ThreadMessage): void => port.postMessage(message)
  run(workerData as ThreadTask, say, () => new Promise((resolve) => port.once('message', resolve))).catch((error: unknown) => {
    const { code, message, hint } = asFault(error)
    say({ kind: 'failed', code, message, hint: hint ?? null })
  })
}

/** Calls that are not worth a separate message: one wakes the displaying thread, which costs more than reading them. */
const UNTOLD = 5000

function tellNowAndThen(tell: (calls: number) => void): (calls: number) => void {
  let untold = 0
  return (calls) => {
    untold += calls
    if (untold < UNTOLD) return
    tell(untold)
    untold = 0
  }
}

/** `whole` resolves to what all threads together have measured. */
async function run(task: ThreadTask, say: (message: ThreadMessage) => void, whole: () => Promise<Measured>): Promise<void> {
  const ledger = await openLedger(task.path, { readonly: true })
  try {
    const progress = tellNowAndThen((calls) => say({ kind: 'progress', calls }))
    const tables = readTables(ledger)
    say({ kind: 'measured', measured: measureLog(ledger, tables, task.part, progress) })
    const behaviour = behaviourOf(ledger, await whole())
    const { quick: _, ...range } = rangeOf(task.options, task.specs.length)
    const replayed = replayLog(ledger, {
      tables,
      behaviour,
      alternatives: task.specs.map(alternativeOf),
      paths: task.paths.map(alternativeOf),
      check: task.check,
      progress,
      ...range,
    })
    const results = replayed.imagined.map((one) => resultOf(one, replayed, behaviour))
    const { pathErrors, check, baselines } = replayed
    say({ kind: 'done', results, pathErrors, check, baselines })
  } finally {
    await ledger.close()
  }
}
