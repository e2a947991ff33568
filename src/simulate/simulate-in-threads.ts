import { sweepHeapAfter } from '../kit/index.js'
import { createThread } from '../kit/thread.js'
import type { Ledger } from '../ledger/index.js'
import type { Alternative } from './alternatives.js'
import { joinParts, type Measured, type MeasuredPart } from './measure-log.js'
import { type Simulation, withCheck, withPathError } from './result.js'
import { rangeOf, type SimulateOptions, simulate } from './simulate.js'
import type { ThreadResult, ThreadTask } from './thread.js'

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
  const tasks: readonly [ThreadTask, ThreadTask] = [
    {
      ...common,
      part: { fromSeq: firstSeq, untilSeq: middle },
      specs: specs.slice(0, followed),
      paths: paths.slice(0, drawn),
      check: true,
    },
    { ...common, part: { fromSeq: middle, untilSeq }, specs: specs.slice(followed), paths: paths.slice(drawn), check: false },
  ]
  // It applies to the whole process: a command's, which ends with the simulation.
  sweepHeapAfter(HEAP_GROWTH)
  const url = new URL('./thread.js', import.meta.url)
  const thread = (task: ThreadTask) =>
    createThread<Measured | null, MeasuredPart | ThreadResult>(url, task, {
      limits: { maxYoungGenerationSizeMb: YOUNG_MB },
      onNote: (calls) => progress?.(calls / tasks.length),
    })
  const [one, two] = [thread(tasks[0]), thread(tasks[1])]
  try {
    const measured = joinParts(...(await Promise.all([one.ask<MeasuredPart>(null), two.ask<MeasuredPart>(null)])), ledger.prefixes())
    const [first, second] = await Promise.all([one.ask<ThreadResult>(measured), two.ask<ThreadResult>(measured)])
    const { check, baselines } = first
    if (check === null) throw new Error('the log was not checked')
    const pathErrors = [...first.pathErrors, ...second.pathErrors]
    const results = [...first.results, ...second.results.map((result) => withCheck(result, check, baselines))]
    return results.map((result, i) => withPathError(result, pathErrors[i] ?? null))
  } finally {
    await Promise.all([one.stop(), two.stop()])
  }
}
