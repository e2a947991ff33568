import { formatCount, formatPercent, formatUsd, table } from '../../kit/index.js'
import type { Checked, Estimate, SampleRun, SimulatedChanges } from '../../simulate/index.js'
import type { Look } from '../paint.js'
import { signed } from '../simulate/show-simulation.js'
import type { VerificationPlan } from './plan-verification.js'

const usd = (nano: number): string => formatUsd(Math.round(nano))
const range = ({ value, low, high }: Estimate): string => `${usd(value)} (${usd(low)} to ${usd(high)})`

/** What would be asked, before anything is. */
export function showPlan(
  { simulation, changed }: SimulatedChanges,
  { sample, judge, expected, left, withoutSettings }: VerificationPlan,
  { cap, wanted }: { readonly cap: number; readonly wanted: number },
  look: Look,
): string {
  const { paint } = look
  const drawn = sample.order.length
  const fewer = drawn < wanted && drawn < changed.length - left.reduce((n, l) => n + l.calls, 0)
  return [
    `${paint.bold(simulation.policy)} changes ${formatCount(changed.length)} of ${formatCount(simulation.calls)} calls; ${formatCount(drawn)} of them are to be asked again${fewer ? `, as many as the cap is expected to allow of the ${formatCount(wanted)} wanted` : ''}.`,
    '',
    table(
      sample.strata.filter((s) => s.drawn > 0),
      look,
      [
        { head: 'MODEL THAT WOULD ANSWER', flexible: true, cell: (s) => s.name },
        { head: 'CALLS', leave: 1, align: 'right', cell: (s) => formatCount(s.members.length) },
        { head: 'ASKED', align: 'right', cell: (s) => formatCount(s.drawn) },
        { head: 'PREDICTED SPEND', leave: 2, align: 'right', cell: (s) => usd(s.members.reduce((sum, m) => sum + (m.other.cost ?? 0), 0)) },
      ],
    ),
    `Expected to cost ${usd(expected)}, at most ${usd(cap)}: it ends before a call that could pass that. ${judge === null ? 'Nobody judges the answers' : `${judge} judges every pair of answers twice`}.`,
    ...left.map(({ reason, calls }) => paint.yellow(`${formatCount(calls)} calls are not among those drawn from: ${reason}.`)),
    ...(withoutSettings === 0
      ? []
      : [
          paint.yellow(
            `${formatCount(withoutSettings)} of them were recorded before temperature and other settings were stored with a call, and are asked again without them.`,
          ),
        ]),
  ].join('\n')
}

export function showChecked(
  { simulation }: SimulatedChanges,
  checked: Checked,
  { run: { stopped }, judge }: { readonly run: SampleRun; readonly judge: string | null },
  look: Look,
): string {
  const { paint } = look
  const { before, after, answered, failed, cut, spent, covered, changed, preferred, correction } = checked
  const judged = preferred.better + preferred.worse + preferred.same
  const rows: readonly (readonly [string, string, string])[] = [
    ['spend', range(before.cost), range(after.cost)],
    ['saved', range(before.savings), range(after.savings)],
    ['quality a call', quality(before.qualityChange), judged < 2 ? 'not judged' : quality(after.qualityChange)],
  ]
  return [
    `${paint.bold(simulation.policy)}: ${formatCount(answered)} calls asked again for ${usd(spent)}${failed === 0 ? '' : `, ${formatCount(failed)} failed`}; they speak for ${formatCount(covered)} of ${formatCount(changed)} changed calls.`,
    ...(stopped === null ? [] : [paint.yellow(`It ended early: ${stopped}.`)]),
    ...(cut === 0 ? [] : [paint.yellow(`${cut} answers were cut at the limit set for checking and count as they are.`)]),
    '',
    table(rows, look, [
      { head: '', cell: (r) => r[0] },
      { head: 'SIMULATED (95% INTERVAL)', leave: 1, cell: (r) => r[1] },
      { head: 'VERIFIED (95% INTERVAL)', cell: (r) => r[2] },
    ]),
    table(checked.strata, look, [
      { head: 'MODEL THAT WOULD ANSWER', flexible: true, cell: (s) => s.name },
      { head: 'CALLS', leave: 1, align: 'right', cell: (s) => formatCount(s.calls) },
      { head: 'ANSWERED', leave: 2, align: 'right', cell: (s) => formatCount(s.answered) },
      { head: 'PREDICTED', leave: 3, align: 'right', cell: (s) => usd(s.predicted) },
      { head: 'MEASURED', align: 'right', cell: (s) => usd(s.measured) },
    ]),
    ...(judged === 0
      ? judge === null || answered === 0
        ? []
        : [paint.yellow(`${judge} gave no preference that could be read, so the answers are not compared: name another with --judge.`)]
      : [
          `Of ${judged} pairs judged, the other model’s answer was preferred in ${share(preferred.better, judged)}, the recorded one in ${share(preferred.worse, judged)}.`,
        ]),
    covered === 0
      ? paint.yellow('Too few answers to correct the estimate: it stays as it was.')
      : `What the sample shows moves the spend by ${range(correction)}.`,
  ].join('\n')
}

function quality({ value, low, high }: Estimate): string {
  return `${signed(value)} (${signed(low)} to ${signed(high)})`
}

function share(n: number, of: number): string {
  return formatPercent(n / of)
}
