import { formatDollars, formatMs, formatNumberOf } from '../kit/index.js'
import type { CacheJson, Explanation } from './explain.js'

type Fact = readonly [name: string, text: string]

/** The text of an explanation: what was seen and requested, then, after the comparison, what decided and what would have changed it. */
export function explanationFacts({
  signals,
  policy,
  deadline,
  reason,
  runnerUp,
  ladder,
  flip,
  propensity,
  cache,
  candidates,
}: Explanation<unknown>): {
  readonly before: readonly Fact[]
  readonly after: readonly Fact[]
} {
  const { difficulty, complexity, task, inputTokens, needs, tools, language } = signals
  const notional = candidates.filter((c) => c.costNotional).map((c) => c.model)
  const resting = candidates.filter((c) => c.veto === null && c.resting).map((c) => c.model)
  const needed = needs.length === 0 ? 'nothing special' : needs.join(', ')
  return {
    before: [
      [
        'Seen',
        `${task}, ${complexity}, difficulty ${difficulty.p.toFixed(2)}, about ${formatNumberOf(inputTokens, 'token')} in, ${formatNumberOf(tools.count, 'tool')}, language ${language === null || language === 'und' ? 'unknown' : language}, needs ${needed}`,
      ],
      ['Policy', policyLine(policy)],
      ...(deadline === null ? [] : [['Deadline', `${formatMs(deadline.ms)}, set by the ${deadline.by}`] as const]),
    ],
    after: [
      ['Reason', reason],
      ...(resting.length === 0
        ? []
        : [['Resting', `${resting.join(', ')}: failing at the time, so asked only if no other could answer`] as const]),
      ...(notional.length === 0 ? [] : [['Notional', `the cost of ${notional.join(', ')}: the client’s own credential pays`] as const]),
      ...(propensity > 0 && propensity < 1
        ? [['Chance', `chosen first in ${(propensity * 100).toFixed(1)}% of equal cases`] as const]
        : []),
      ...(ladder === null || (ladder.rung === 0 && ladder.moved === 0 && ladder.why.length === 0)
        ? []
        : [['Ladder', ladderLine(ladder)] as const]),
      ...cacheLines(cache).map((line) => ['Cache', line] as const),
      ['Runner-up', runnerUp ?? 'none: nothing else could serve'],
      [
        'Flip',
        flip === null
          ? 'no change of a single weight would have chosen the runner-up'
          : `a ${flip.weight} weight of ${beyond(flip)} instead of ${flip.from} would have chosen ${flip.model}`,
      ],
    ],
  }
}

/** To three places, away from where it was: at a weight rounded the other way nothing would flip. */
function beyond({ from, to }: NonNullable<Explanation<unknown>['flip']>): string {
  const thousandths = to > from ? Math.ceil(to * 1000) : Math.floor(to * 1000)
  return String(Math.max(0, thousandths) / 1000)
}

function ladderLine({ rung, moved, evidence, why }: NonNullable<Explanation<unknown>['ladder']>): string {
  const step = moved > 0 ? 'moved up to ' : moved < 0 ? 'came down to ' : 'on '
  const seen = why.length === 0 ? '' : `: ${why.join(', ')}`
  return `${step}rung ${rung}, ${evidence.toFixed(1)} points of trouble${seen}`
}

/** What staying with the last model costs against switching, where a warm cache makes the difference. */
function cacheLines(cache: readonly CacheJson[]): readonly string[] {
  return cache
    .filter(({ role, warmTokens }) => role === 'stay' || warmTokens > 0)
    .map(({ model, role, warmTokens, hit, costNowUsd, costColdUsd }) => {
      const warm =
        warmTokens === 0
          ? 'nothing of its cache is warm'
          : `${warmTokens} tokens warm${hit === null ? '' : ` with a chance of ${(hit * 100).toFixed(0)}%`}`
      return `${role} ${role === 'stay' ? 'with' : 'to'} ${model}: ${formatDollars(costNowUsd)} now, ${formatDollars(costColdUsd)} cold; ${warm}`
    })
}

function policyLine({ profile, weights, strategy, minQuality, floor, rule, arm }: Explanation<unknown>['policy']): string {
  const least = minQuality === undefined ? '' : ` with predicted quality of at least ${minQuality}`
  const how =
    weights === undefined
      ? `${strategy}${least}`
      : `weights cost ${weights.cost}, quality ${weights.quality}, latency ${weights.latency}${weights.carbon === undefined ? '' : `, carbon ${weights.carbon}`}`
  return `${profile}: ${how}, floor ${floor}${rule === null ? '' : `, rule ${rule}`}${arm === null ? '' : `, arm ${arm}`}`
}
