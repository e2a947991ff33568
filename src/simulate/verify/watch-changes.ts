import { totalInput } from '../../canonical/index.js'
import { entry } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import type { PrefixLink } from '../../policy/index.js'
import type { Alternative } from '../alternatives.js'
import type { Behaviour } from '../behaviour.js'
import { goesOn } from '../history-drift.js'
import type { Watch } from '../imagine.js'
import type { Simulation } from '../result.js'
import { lastServed, stateOf, usageOf } from '../served.js'
import { measure, replayMeasured, type SimulateOptions } from '../simulate.js'
import type { CallToCheck } from './types.js'

/** What a pass over a log provides for checking one policy's result. */
export interface Changes {
  readonly changed: readonly CallToCheck[]
  /** Calls that stay with their model, though not with the same tokens in its cache. */
  readonly staying: readonly Unsure[]
}

/** A call whose cost is not known to the nano-USD. */
export type Unsure = Pick<CallToCheck, 'from' | 'task' | 'other'>

/** A conversation so far: what one more token in it would have cost since it began, nano-USD per reference token. */
interface Course {
  leaf: PrefixLink
  sum: number
}

type Open = Omit<CallToCheck, 'answerCost' | 'sd'> & { readonly course: Course | null; readonly before: number }

/** Gathers the calls that change. A longer answer costs itself, and is read again by every later turn of its conversation. */
function watchChanges(behaviour: Behaviour): { readonly watch: Watch; done(): Changes } {
  const open: Open[] = []
  const staying: Unsure[] = []
  const courses = new Map<number, Course>()
  const relative = relativeErrors(behaviour)

  const courseOf = (session: number, leaf: PrefixLink | null, pricePerToken: number): Course | null => {
    if (leaf === null) return null
    const known = courses.get(session)
    const course = known !== undefined && goesOn(leaf, known.leaf) ? known : { leaf, sum: 0 }
    course.leaf = leaf
    course.sum += pricePerToken
    courses.set(session, course)
    return course
  }

  const watch: Watch = ({ row, input, leaf, session }, counted) => {
    const { other, end, simulated, task, quality } = counted
    const served = lastServed(end)
    const model = other.model
    if (model === null || end.model === null || served === undefined) return
    const reported = totalInput(usageOf(served)) ?? input.signals.inputTokens * behaviour.tokenizer(end.model)
    const referenceTokens = Math.max(1, reported / behaviour.tokenizer(end.model))
    const { seen } = other
    if (model === end.model || seen === null || seen.outputTokens === null) {
      const rates = stateOf(input, model)?.rev.rates
      const answer = ((rates?.output ?? 0) * (served.outputTokens ?? 0)) / 1000
      courseOf(session, leaf, Math.max(0, simulated - answer) / referenceTokens)
      if (!other.exact) staying.push({ from: end.model, task, other })
      return
    }
    const drifted = Math.max(1, seen.inputTokens ?? referenceTokens * behaviour.tokenizer(model))
    const course = courseOf(session, leaf, (other.promptCost / drifted) * behaviour.tokenizer(model))
    open.push({
      id: row.id,
      seq: row.seq,
      entries: leaf === null ? 0 : leaf.depth + 1,
      from: end.model,
      to: model,
      task,
      other,
      promptCost: other.promptCost,
      promptTokens: referenceTokens * behaviour.tokenizer(model),
      answerTokens: Math.max(1, seen.outputTokens),
      referenceTokens,
      qualityChange: quality === null || other.quality === null ? null : other.quality - quality,
      course,
      before: course?.sum ?? 0,
    })
  }

  const close = ({ course, before, ...call }: Open): CallToCheck => {
    const later = course === null ? 0 : course.sum - before
    const answerCost = call.other.outputCost + (call.answerTokens / behaviour.tokenizer(call.to)) * later
    const { answer, prompt } = relative(call.from, call.to, call.task)
    const sd = Math.sqrt(answerCost ** 2 * (answer ** 2 + behaviour.spread) + (call.promptCost * prompt) ** 2)
    return { ...call, answerCost, sd }
  }
  return { watch, done: () => ({ changed: open.map(close), staying }) }
}

/** How wrong one model's tokens taken for another's may be, by the bootstrap: relative standard deviations. */
function relativeErrors(behaviour: Behaviour) {
  const known = new Map<string, { readonly answer: number; readonly prompt: number }>()
  const deviation = (to: Float64Array, from: Float64Array): number => {
    const ratios = to.map((x, r) => x / (from[r] ?? 1))
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length
    return Math.sqrt(ratios.reduce((sum, x) => sum + (x - mean) ** 2, 0) / ratios.length)
  }
  return (from: string, to: string, task: string) =>
    entry(known, `${from}|${to}|${task}`, () => ({
      answer: deviation(behaviour.verbosityDraws(to, task), behaviour.verbosityDraws(from, task)),
      prompt: deviation(behaviour.tokenizerDraws(to), behaviour.tokenizerDraws(from)),
    }))
}

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
