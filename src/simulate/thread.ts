import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../kit/thread.js'
import { openLedger } from '../ledger/index.js'
import { type AlternativeSpec, alternativeOf } from './alternatives.js'
import { readTables } from './logged-call.js'
import { type Measured, type MeasuredPart, measureLog } from './measure-log.js'
import { replayLog } from './replay-log.js'
import { resultOf } from './result.js'
import { behaviourOf, rangeOf, type SimulateOptions } from './simulate.js'

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

export type ThreadResult = ReturnType<typeof replay>

const { path, part, specs, paths, check, options } = workerData as ThreadTask
const ledger = await openLedger(path, { readonly: true })
const tables = readTables(ledger)

/** Asked for nothing, what this thread's part of the log measures; asked with what all parts do, its results. */
answerQuestions<Measured | null, MeasuredPart | ThreadResult>((whole, note) =>
  whole === null ? measureLog(ledger, tables, part, nowAndThen(note)) : replay(whole, nowAndThen(note)),
)

function replay(whole: Measured, progress: (calls: number) => void) {
  const behaviour = behaviourOf(ledger, whole)
  const { quick: _, ...range } = rangeOf(options, specs.length)
  const replayed = replayLog(ledger, {
    tables,
    behaviour,
    check,
    progress,
    alternatives: specs.map(alternativeOf),
    paths: paths.map(alternativeOf),
    ...range,
  })
  const results = replayed.imagined.map((one) => resultOf(one, replayed, behaviour))
  return { results, pathErrors: replayed.pathErrors, check: replayed.check, baselines: replayed.baselines }
}

/** Calls that are not worth a separate message: one wakes the displaying thread, which costs more than reading them. */
const UNTOLD = 5000

function nowAndThen(tell: (calls: number) => void): (calls: number) => void {
  let untold = 0
  return (calls) => {
    untold += calls
    if (untold < UNTOLD) return
    tell(untold)
    untold = 0
  }
}
