import { Worker } from 'node:worker_threads'
import { Fault, type FaultCode, sweepHeapAfter } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Alternative } from './alternatives.js'
import { addMeasured, emptyMeasured, type Measured } from './measure-log.js'
import { withCheck, withPathError } from './result.js'
import { rangeOf, type SimulateOptions, simulate } from './simulate.js'
import type { ThreadMessage, ThreadTask } from './thread.js'
import type { Simulation } from './types.js'

/** Fewer calls than this are replayed before a second thread has started. */
const WORTH_THREADS = 20_000
/** Events are short-lived: with room for them they are seldom copied. */
const YOUNG_MB = 32
/** By how much a heap may grow before it is swept, percent. */
const HEAP_GROWTH = 100

/**
 * Replays the ledger under each of the policies, a long log in two threads: one checks the log, both share the policies. The result is that of
 * simulate(). Throws E_EMPTY when no call is in the range.
 */
export async function simulateInThreads(
  ledger: Ledger,
  alternatives: readonly Alternative[],
  options: SimulateOptions = {},
): Promise<readonly Simulation[]> {
  const specs = alternatives.map((one) => one.spec).filter((spec) => spec !== null)
  // Only the built program has files that a thread can load.
  const isBuilt = import.meta.url.endsWith('.js')
  if (!isBuilt || specs.length !== alternatives.length || ledger.counts().calls < WORTH_THREADS)
    return simulate(ledger, alternatives, options)

  const { progress, quick: _, ...range } = options
  const [firstSeq, untilSeq] = [ledger.firstSeq(), ledger.lastSeq() + 1]
  const middle = Math.floor((firstSeq + untilSeq) / 2)
  // The check weighs as much as a third of a policy. Of an odd number the second thread follows the one more, and the first draws its paths.
  const followed = Math.floor(specs.length / 2)
  const paths = rangeOf(options, specs.length).quick ? [] : specs
  const drawn = Math.ceil(paths.length / 2)
  const common = { path: ledger.path, options: range }
  const tasks: readonly ThreadTask[] = [
    {
      ...common,
      part: { fromSeq: firstSeq, untilSeq: middle },
      specs: specs.slice(0, followed),
      paths: paths.slice(0, drawn),
      check: true,
    },
    { ...common, part: { fromSeq: middle, untilSeq }, specs: specs.slice(followed), paths: paths.slice(drawn), check: false },
  ]
  const [first, second] = await runTasks(tasks, progress)
  if (first === undefined || second === undefined || first.check === null) throw new Error('a thread ended without a result')
  const { check, baselines } = first
  const pathErrors = [...first.pathErrors, ...second.pathErrors]
  const results = [...first.results, ...second.results.map((result) => withCheck(result, check, baselines))]
  return results.map((result, i) => withPathError(result, pathErrors[i] ?? null))
}

type Done = Extract<ThreadMessage, { readonly kind: 'done' }>

function runTasks(tasks: readonly ThreadTask[], progress: SimulateOptions['progress']): Promise<readonly Done[]> {
  // It applies to the whole process: a command's, which ends with the simulation.
  sweepHeapAfter(HEAP_GROWTH)
  const url = new URL('./thread.js', import.meta.url)
  const workers = tasks.map((workerData) => new Worker(url, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }))
  const parts = new Map<number, Measured>()
  const results = workers.map(
    (worker, i) =>
      new Promise<Done>((resolve, reject) => {
        worker.on('error', reject)
        worker.on('exit', (code) => reject(new Error(`a thread ended with ${code}`)))
        worker.on('message', (message: ThreadMessage) => {
          switch (message.kind) {
            case 'progress':
              progress?.(message.calls / workers.length)
              return
            case 'measured':
              parts.set(i, message.measured)
              if (parts.size === workers.length) {
                const measured = addParts(parts)
                for (const each of workers) each.postMessage(measured)
              }
              return
            case 'done':
              resolve(message)
              return
            case 'failed':
              reject(new Fault(message.code as FaultCode, message.message, message.hint === null ? {} : { hint: message.hint }))
          }
        })
      }),
  )
  return Promise.all(results).finally(() => Promise.all(workers.map((worker) => worker.terminate())))
}

/** In the order of the log, whichever part was done first: sums of fractions depend on it in their last digit. */
function addParts(parts: ReadonlyMap<number, Measured>): Measured {
  const sum = emptyMeasured()
  for (let i = 0; i < parts.size; i++) addMeasured(sum, parts.get(i) ?? emptyMeasured())
  return sum
}
