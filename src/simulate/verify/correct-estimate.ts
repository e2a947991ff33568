import { groupedBy } from '../../kit/index.js'
import type { Behaviour } from '../behaviour.js'
import { intervals } from '../interval.js'
import { type Simulation, savingsOf, spendFrom } from '../result.js'
import { addSubstitution, newTally } from '../tally.js'
import type { Estimate } from '../types.js'
import { estimateTotal, type SampledStratum, t975 } from './estimate-total.js'
import { judgedChange } from './judged-change.js'
import type { CallToCheck, Ran, Sample } from './types.js'
import type { Changes, Unsure } from './watch-changes.js'

/** A prediction checked by really asking. Costs nano-USD. */
export type Checked = Readonly<ReturnType<typeof correctEstimate>>

/** An answer with reported tokens, beside its prediction. */
interface Measured {
  readonly call: CallToCheck
  readonly measured: number
}

/** Strata of a sample as far as it got, those with too few answers merged with their neighbour. */
interface Covered {
  readonly group: string
  readonly names: readonly string[]
  readonly members: readonly CallToCheck[]
  readonly drawn: number
  readonly answers: readonly Measured[]
}

/**
 * Corrects a simulated spend by a sample that was really sent: the difference between the answers' real and predicted cost, extended to all
 * calls that change. Calls that the sample does not represent, and what it cannot show (whether a cache would have been found), keep their
 * prediction and its interval.
 */
export function correctEstimate(
  simulation: Simulation,
  { changed, staying }: Changes,
  sample: Sample,
  ran: readonly Ran[],
  behaviour: Behaviour,
) {
  const covered = coveredBy(sample, ran)
  const total = estimateTotal(covered.map(sampledOf))
  const correction = around(total.value, covered.length === 0 ? 0 : t975(total.freedom) * Math.sqrt(total.variance))
  const spoken = new Set(covered.flatMap((c) => c.members))
  const left = newTally()
  const add = ({ from, task }: Unsure, other: Unsure['other']): void => addSubstitution(left, { end: { model: from }, task, other })
  for (const call of staying) add(call, call.other)
  for (const call of changed) {
    if (!spoken.has(call)) add(call, call.other)
    else {
      add(call, { ...call.other, outputCost: 0, promptCost: 0 })
      // Asked again, a model gives a different answer.
      left.squares += call.other.outputCost ** 2
    }
  }
  const rest = intervals(left, behaviour).cost
  const { cost: before } = simulation.simulated
  const value = before.value + correction.value
  const cost: Estimate =
    covered.length === 0
      ? before
      : spendFrom({
          value,
          low: value - Math.hypot(correction.value - correction.low, rest.value - rest.low),
          high: value + Math.hypot(correction.high - correction.value, rest.high - rest.value),
        })
  const { actual } = simulation
  const answers = ran.flatMap(({ result }) => (result.kind === 'answered' ? [result] : []))
  const quality = predictedChange(simulation)
  const count = (verdict: string): number => answers.filter((a) => a.verdict === verdict).length
  return {
    strata: covered.map(checkedOf),
    /** Calls that would change, and those of them that the sample speaks for. */
    changed: changed.length,
    covered: spoken.size,
    answered: answers.length,
    failed: ran.length - answers.length,
    cut: answers.filter((a) => a.cut).length,
    /** What asking and judging cost. */
    spent: ran.reduce((sum, { result }) => sum + (result.costNano ?? 0), 0),
    preferred: { better: count('better'), worse: count('worse'), same: count('same') },
    /** To be added to the predicted spend. */
    correction,
    /** Quality: its change a call, over all calls, as predicted and as judged. */
    before: { cost: before, savings: simulation.savings, qualityChange: quality },
    after: {
      cost,
      savings: savingsOf(actual.cost, cost),
      qualityChange: judgedChange(sample, ran, { predicted: quality, calls: simulation.calls }),
    },
  }
}

function around(value: number, half: number): Estimate {
  return { value, low: value - half, high: value + half }
}

function predictedChange({ actual, simulated: { quality } }: Simulation): Estimate {
  const before = actual.quality
  if (quality === null || before === null) return { value: 0, low: 0, high: 0 }
  return { value: quality.value - before, low: quality.low - before, high: quality.high - before }
}

function sampledOf({ group, members, answers }: Covered): SampledStratum {
  return {
    group,
    calls: members.length,
    known: members.reduce((sum, m) => sum + predictedOf(m), 0),
    drawn: answers.map(({ call, measured }) => ({ x: predictedOf(call), e: measured - predictedOf(call) })),
  }
}

/** The answer, what later turns pay to read it, and the prompt. */
function predictedOf({ answerCost, promptCost }: CallToCheck): number {
  return answerCost + promptCost
}

function checkedOf({ names, members, drawn, answers }: Covered) {
  return {
    name: names.join(' and '),
    calls: members.length,
    drawn,
    answered: answers.length,
    /** Predicted cost of the answered calls, and their cost by the tokens they really took. */
    predicted: answers.reduce((sum, { call }) => sum + predictedOf(call), 0),
    measured: answers.reduce((sum, { measured }) => sum + measured, 0),
  }
}

function measuredOf({ call, result }: Ran): Measured | null {
  if (result.kind !== 'answered' || result.promptTokens === null || result.answerTokens === null) return null
  const { other, answerCost, answerTokens, promptCost, promptTokens } = call
  // Later costs depend on the answer's length as well; a ratio of both keeps the predicted prices.
  const answer = answerCost * (result.answerTokens / answerTokens)
  const prompt = other.cost === null || promptTokens <= 0 ? promptCost : promptCost * (result.promptTokens / promptTokens)
  return { call, measured: answer + prompt }
}

/** Answers by stratum. What failed is taken to be like what did not; a stratum without two answers joins the next of its model, or is not spoken for. */
function coveredBy(sample: Sample, ran: readonly Ran[]): readonly Covered[] {
  const all = sample.strata.map(({ name, members, drawn }, h): Covered => {
    const answers = ran.filter((r) => r.stratum === h).flatMap((r) => measuredOf(r) ?? [])
    return { group: name.replace(/, \d+ of \d+$/, ''), names: [name], members, drawn, answers }
  })
  return [...groupedBy(all, ({ group }) => group).values()].flatMap(joinThin)
}

function isThin({ members, answers }: Covered): boolean {
  return answers.length < 2 && answers.length < members.length
}

function joinThin(strata: readonly Covered[]): readonly Covered[] {
  const joined: Covered[] = []
  for (const own of strata) {
    const last = joined.at(-1)
    if (last === undefined || !(isThin(last) || isThin(own))) joined.push(own)
    else
      joined[joined.length - 1] = {
        group: own.group,
        names: [...last.names, ...own.names],
        members: [...last.members, ...own.members],
        drawn: last.drawn + own.drawn,
        answers: [...last.answers, ...own.answers],
      }
  }
  return joined.filter((c) => !isThin(c))
}
