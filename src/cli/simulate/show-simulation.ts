import { formatCount, formatExactly, formatMs, formatNumberOf, formatPercent, formatUsd, table } from '../../kit/index.js'
import type { Baseline, ChangedCall, Estimate, Excluded, GroupShift, ModelShift, Simulation, TaskShift } from '../../simulate/index.js'
import type { Look } from '../paint.js'

const nano = ({ value, low, high }: Estimate): string =>
  low === high ? formatUsd(value) : `${formatUsd(value)} (${formatUsd(low)} to ${formatUsd(high)})`
/** A predicted quality; a dash where no call was answered. */
export const quality = (value: number | null | undefined): string => value?.toFixed(3) ?? '—'
const score = (e: Estimate | null): string => (e === null ? quality(null) : `${quality(e.value)} (${quality(e.low)} to ${quality(e.high)})`)

/** An interval in words; empty when it has no width. */
export const between = ({ low, high }: Estimate, shown: (x: number) => string): string =>
  low === high ? '' : `${shown(low)} to ${shown(high)}`

export function showSimulation(s: Simulation, look: Look): string {
  const { actual, simulated } = s
  if (s.calls === 0) return noFigures(s, look)
  const head = `${look.paint.bold(s.policy)} on ${formatNumberOf(s.calls, 'call')} in ${formatNumberOf(s.sessions, 'session')}`
  return [
    head,
    savingsLine(s, look),
    '',
    table<readonly [string, string, string]>(
      [
        ['spend', formatUsd(actual.cost), nano(simulated.cost)],
        ['predicted quality', quality(actual.quality), score(simulated.quality)],
        ['latency p50', formatMs(actual.p50Ms), formatMs(simulated.p50Ms)],
        ['latency p95', formatMs(actual.p95Ms), formatMs(simulated.p95Ms)],
      ],
      look,
      [
        { head: '', cell: (r) => r[0] },
        { head: 'ACTUAL', align: 'right', cell: (r) => r[1] },
        { head: 'SIMULATED (95% INTERVAL)', cell: (r) => r[2] },
      ],
    ),
    errorTable(s, look),
    ...(s.baselines.length === 0 ? [] : [baselineTable(s.baselines, look)]),
    modelTable(s.byModel, look),
    taskTable(s.movers.tasks.slice(0, 8), look),
    checkLine(s, look),
    ...notes(s, look),
    look.paint.dim(CAVEAT),
  ].join('\n')
}

export function showSimulations(all: readonly Simulation[], look: Look): string {
  const [first] = all
  if (first === undefined) return ''
  if (all.every((s) => s.calls === 0)) return noFigures(first, look)
  return [
    [
      `${formatNumberOf(first.calls, 'call')} in ${formatNumberOf(first.sessions, 'session')}, actual spend ${look.paint.bold(formatUsd(first.actual.cost))}`,
      `predicted quality ${quality(first.actual.quality)}`,
      `p50 ${formatMs(first.actual.p50Ms)}`,
    ].join(', '),
    '',
    table<Simulation>(all, look, [
      { head: 'POLICY', flexible: true, cell: (s) => s.policy },
      { head: 'SPEND', align: 'right', cell: (s) => formatUsd(s.simulated.cost.value) },
      { head: '95% INTERVAL', leave: 2, cell: ({ simulated: { cost } }) => between(cost, formatUsd) },
      { head: 'SAVED', align: 'right', cell: (s) => `${formatUsd(s.savings.value)} (${share(s)})` },
      { head: 'QUALITY', align: 'right', cell: (s) => quality(s.simulated.quality?.value) },
      { head: '95% INTERVAL', leave: 1, cell: (s) => (s.simulated.quality === null ? '' : between(s.simulated.quality, quality)) },
      { head: 'P50', leave: 3, align: 'right', cell: (s) => formatMs(s.simulated.p50Ms) },
      { head: 'CHANGED', leave: 4, align: 'right', cell: (s) => formatCount(s.changed) },
      { head: 'EVIDENCE', leave: 5, cell: (s) => s.evidence },
    ]),
    checkLine(first, look),
    ...notesByPolicy(all, look),
    look.paint.dim(CAVEAT),
  ].join('\n')
}

function share({ savings, actual }: Simulation): string {
  return formatPercent(actual.cost === 0 ? 0 : savings.value / actual.cost)
}

function savingsLine(s: Simulation, look: Look): string {
  const { value, low, high } = s.savings
  if (low === high && value === 0) return 'would have cost the same'
  const word =
    value >= 0
      ? look.paint.green(`would have saved ${formatUsd(value)} (${share(s)})`)
      : look.paint.red(`would have cost ${formatUsd(-value)} more`)
  const [from, to] = value >= 0 ? [low, high] : [-high, -low]
  return `${word}, 95% interval ${formatUsd(from)} to ${formatUsd(to)}; ${formatNumberOf(s.changed, 'call')} ${s.changed === 1 ? 'goes' : 'go'} to another model`
}

/** What is measured, what rests on another model's tokens, and what no log contains. */
function errorTable({ errors: { measured, substitution, behaviour }, offPolicy }: Simulation, look: Look): string {
  const rows: (readonly [string, string, string])[] = [
    ['measured', formatCount(measured.calls), `${formatUsd(measured.cost)} exactly`],
    ['token substitution', formatCount(substitution.calls), nano(substitution.cost)],
    [
      'behaviour',
      `${behaviour.worse.toFixed(1)} worse`,
      `${behaviour.better.toFixed(1)} better; asking again costs ${formatUsd(behaviour.askedAgain)}`,
    ],
  ]
  if (offPolicy !== null) {
    const { explored, snips, doublyRobust } = offPolicy
    const rounded = ({ value, low, high }: Estimate): string =>
      nano({ value: Math.round(value), low: Math.round(low), high: Math.round(high) })
    rows.push(['drawn choices', formatCount(explored), `${rounded(doublyRobust)} doubly robust`])
    if (snips !== null) rows.push(['', '', `${rounded(snips)} by weights`])
  }
  return table(rows, look, [
    { head: 'BASED ON', cell: (r) => r[0] },
    { head: 'CALLS', align: 'right', cell: (r) => r[1] },
    { head: 'SIMULATED SPEND', cell: (r) => r[2] },
  ])
}

function baselineTable(baselines: readonly Baseline[], look: Look): string {
  return table<Baseline>(baselines, look, [
    { head: 'AGAINST', flexible: true, cell: (b) => b.name },
    { head: 'CALLS', align: 'right', cell: (b) => formatCount(b.calls) },
    { head: 'SPEND', align: 'right', cell: (b) => formatUsd(b.cost) },
    { head: 'SAVED', align: 'right', cell: (b) => formatUsd(Math.round(b.savings)) },
    { head: 'EVIDENCE', leave: 1, cell: (b) => b.evidence },
  ])
}

function modelTable(models: readonly ModelShift[], look: Look): string {
  return table<ModelShift>(models, look, [
    { head: 'MODEL', flexible: true, cell: (m) => m.model },
    { head: 'CALLS', align: 'right', cell: (m) => formatCount(m.actualCalls) },
    { head: '→', align: 'right', cell: (m) => formatCount(m.simulatedCalls) },
    { head: 'SPEND', align: 'right', cell: (m) => formatUsd(m.actualCost) },
    { head: '→', align: 'right', cell: (m) => formatUsd(m.simulatedCost) },
  ])
}

const CAVEAT =
  'No total includes the cost of asking again. Calls that change models are estimated; the intervals come from refitting the models’ behaviour to resampled sessions.'

/** The message when no call is left to make a figure of. */
function noFigures(s: Simulation, look: Look): string {
  return ['There is no figure to show.', checkLine(s, look), ...notes(s, look)].join('\n')
}

function checkLine(s: Simulation, look: Look): string {
  const { reproduced, checked, rechained, repriced, olderEngine } = s
  const older = `${formatExactly(olderEngine, 'call')} ${olderEngine === 1 ? 'was' : 'were'} decided by another version of the engine.`
  return look.paint.dim(
    `Check of the log: ${reproduced} of ${formatExactly(checked, 'decision')} reproduced, ${formatExactly(rechained, 'state')} rebuilt, ${formatExactly(repriced, 'cost')} recomputed exactly.${olderEngine === 0 ? '' : `\n${older}`}`,
  )
}

export function leftOut(excluded: readonly Excluded[], look: Look): readonly string[] {
  return excluded.map((e) => look.paint.yellow(`${formatExactly(e.calls, 'call')} ${e.calls === 1 ? 'is' : 'are'} left out: ${e.reason}.`))
}

function notes(s: Simulation, look: Look): readonly string[] {
  return [
    ...leftOut(s.excluded, look),
    ...(s.evidence === 'sufficient' ? [] : [look.paint.yellow(`Evidence is ${s.evidence}: ${s.doubts.join('; ')}.`)]),
    ...(s.offPolicy === null ? [] : [look.paint.dim(groundOf(s.offPolicy))]),
  ]
}

/** Notes that hold for all policies once, the others with their policy. */
function notesByPolicy(all: readonly Simulation[], look: Look): readonly string[] {
  const each = all.map((s) => notes(s, look))
  const shared = each[0]?.filter((note) => each.every((own) => own.includes(note))) ?? []
  return [...shared, ...all.flatMap((s, i) => (each[i] ?? []).flatMap((note) => (shared.includes(note) ? [] : [`${s.policy}: ${note}`])))]
}

function groundOf({ evidence, effectiveCalls, doubts }: NonNullable<Simulation['offPolicy']>): string {
  return evidence === 'sufficient'
    ? `Drawn choices are as good as ${effectiveCalls.toFixed(0)} calls.`
    : `Evidence of drawn choices is ${evidence}: ${doubts.join('; ')}.`
}

function taskTable(tasks: readonly TaskShift[], look: Look): string {
  return table<TaskShift>(tasks, look, [
    { head: 'TASK', cell: (t) => t.name },
    { head: 'CALLS', align: 'right', cell: (t) => formatCount(t.calls) },
    { head: 'CHANGED', align: 'right', cell: (t) => formatCount(t.changed) },
    { head: 'SPEND', align: 'right', cell: (t) => formatUsd(t.actualCost) },
    { head: '→', align: 'right', cell: (t) => formatUsd(t.simulatedCost) },
    { head: 'QUALITY', align: 'right', cell: (t) => signed(t.qualityChange / Math.max(1, t.calls)) },
  ])
}

export const signed = (x: number): string => `${x >= 0 ? '+' : ''}${x.toFixed(3)}`

/** Choices that change, biggest first, with both reasons; then those that get worse. */
export function showDiff({ movers, bySession }: Simulation, look: Look): string {
  const lines = (calls: readonly ChangedCall[]): readonly string[] =>
    calls
      .slice(0, 20)
      .flatMap((c) => [
        `${look.paint.dim(c.id)} ${c.task}: ${c.from ?? 'none'} → ${c.to ?? 'none'}, ${c.costChange > 0 ? '+' : ''}${formatUsd(c.costChange)}${c.qualityChange === null ? '' : `, quality ${signed(c.qualityChange)}`}`,
        `  was: ${c.reasonBefore}`,
        `  now: ${c.reasonAfter}`,
      ])
  if (movers.calls.length === 0) return 'No choice changes.'
  const worse = movers.worse.length === 0 ? [] : ['', look.paint.bold('Predicted quality falls most'), ...lines(movers.worse)]
  const sessions = bySession.length === 0 ? [] : ['', sessionTable(bySession.slice(0, 10), look)]
  return [look.paint.bold('Spend changes most'), ...lines(movers.calls), ...worse, ...sessions].join('\n')
}

function sessionTable(sessions: readonly GroupShift[], look: Look): string {
  return table<GroupShift>(sessions, look, [
    { head: 'SESSION', flexible: true, cell: (s) => s.name },
    { head: 'CALLS', align: 'right', cell: (s) => formatCount(s.calls) },
    { head: 'CHANGED', align: 'right', cell: (s) => formatCount(s.changed) },
    { head: 'SPEND', align: 'right', cell: (s) => formatUsd(s.actualCost) },
    { head: '→', align: 'right', cell: (s) => formatUsd(s.simulatedCost) },
  ])
}
