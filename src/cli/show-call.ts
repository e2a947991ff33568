import { formatCount, formatMoment, formatMs, formatUsd, table } from '../kit/index.js'
import type { AttemptRow, CallDetail, CallRow } from '../ledger/index.js'
import type { Look } from './paint.js'

/** One call with its attempts and later outcomes, for a terminal. */
export function showCall({ call, attempts, outcomes }: CallDetail, notional: boolean, look: Look): string {
  const { paint } = look
  const facts = factsOf(call, notional).map(([name, value]) => `${paint.dim(name.padEnd(10))} ${value}`)
  const tries = table<AttemptRow>(attempts, look, [
    { head: 'TRY', cell: (a) => `${a.n}${a.purpose === 'serve' ? '' : ` ${a.purpose}`}` },
    { head: 'MODEL', flexible: true, cell: (a) => a.model },
    { head: 'OUTCOME', cell: (a) => [a.outcome, a.status, a.errorCode].filter((part) => part !== null).join(' ') },
    { head: 'FIRST BYTE', leave: 1, align: 'right', cell: (a) => formatMs(a.firstByteMs) },
    { head: 'TOOK', leave: 5, align: 'right', cell: (a) => formatMs(a.endMs) },
    { head: 'IN', leave: 3, align: 'right', cell: (a) => formatCount(a.inputTokens) },
    { head: 'CACHED', leave: 2, align: 'right', cell: (a) => formatCount(a.cacheReadTokens) },
    { head: 'OUT', leave: 4, align: 'right', cell: (a) => formatCount(a.outputTokens) },
    { head: 'COST', leave: 6, align: 'right', cell: (a) => formatUsd(a.costNano) },
  ])
  const learned = outcomes.map(
    ({ kind, value, note }) => `${kind}${value === null ? '' : ` ${value}`}${note === undefined ? '' : `: ${note}`}`,
  )
  return [...facts, '', tries.trimEnd(), ...(learned.length === 0 ? [] : ['', `${paint.dim('Learned')}    ${learned.join('; ')}`])].join(
    '\n',
  )
}

/** A call without an answer has no cost with another model: that model's price may be known all the same. */
function costLine({ status, costNano, baseline, baselineCostNano }: CallRow): string {
  if (status === 'running') return 'not known yet'
  return `${formatUsd(costNano)}${baselineCostNano === null ? '' : `, ${formatUsd(baselineCostNano)} with ${baseline}`}`
}

function factsOf(call: CallRow, notional: boolean): readonly (readonly [string, string])[] {
  const where = [call.client, call.session === null ? null : `session ${call.session}, turn ${call.turn}`].filter((part) => part !== null)
  return [
    ['Call', call.id],
    ['Started', formatMoment(call.decidedAtMs)],
    ['Status', call.error === null ? call.status : `${call.status}: ${call.error}`],
    ['From', where.join(', ')],
    ['Asked for', `${call.requestedModel}, profile ${call.profile}`],
    ['Answered', call.model ?? 'by no model'],
    ['Request', `${call.task}, ${call.complexity}, difficulty ${call.difficulty.toFixed(2)}`],
    ['Cost', costLine(call)],
    ...(notional ? [['', 'notional: the client’s own credential pays'] as const] : []),
    ['Time', `${formatMs(call.latencyMs)}, first token after ${formatMs(call.ttftMs)}`],
    ['Reason', call.reason],
  ]
}
