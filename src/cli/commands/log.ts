import { type Command, Option } from 'commander'
import { didYouMean } from '../../catalog/index.js'
import { Fault, formatCount, formatMoment, formatMs, formatUsd, table } from '../../kit/index.js'
import {
  type AttemptRow,
  CALL_STATUSES,
  type CallDetail,
  type CallFilter,
  type CallRow,
  type CallStatus,
  findCall,
  type Ledger,
} from '../../ledger/index.js'
import { notionalReader } from '../../report/notional.js'
import { parseRange } from '../../report/parse-time.js'
import { callViewer, viewCall } from '../../report/view-call.js'
import { type Cli, examples, wholeNumber } from '../cli.js'
import { orDocument } from '../nothing-there.js'
import { withLedger } from '../open-ledger.js'
import { type Look, lookOf } from '../paint.js'
import { answer, print, printJson } from '../say.js'

/** Rows of the table for people when no limit is given; `--json` has none. */
const SCREENFUL = 50
/** Line width with room for complete ids, and the number of characters that stand for one otherwise: commands accept them, too. */
const FOR_WHOLE_IDS = 110
const SHORT_ID = 14

interface Options {
  readonly limit?: number
  readonly since?: string
  readonly until?: string
  readonly model?: string
  readonly task?: string
  readonly status?: CallStatus
  readonly session?: string
  readonly profile?: string
  readonly client?: string
}

export function define(command: Command, cli: Cli): void {
  command
    .argument('[id]', 'show this call: the first characters of its id, or "last"')
    .option('--limit <n>', 'at most this many (default: 50; all with --json)', wholeNumber)
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'calls before this time')
    .option('--model <model>', 'calls answered by this model')
    .option('--task <task>', 'calls of this task, such as code')
    .addOption(new Option('--status <status>', 'calls with this status').choices(CALL_STATUSES))
    .option('--session <id>', 'calls of this session')
    .option('--profile <profile>', 'calls decided under this profile')
    .option('--client <client>', 'calls from this client')
    .action(async (id: string | undefined, options: Options) => {
      const [filter] = Object.keys(options)
      if (id !== undefined && filter !== undefined)
        throw new Fault('E_USAGE', `--${filter} is for a list, and ${id} is one call.`, { hint: 'Give one of the two.' })
      if (id !== undefined) return withLedger(cli, (ledger) => showOne(cli, ledger, id))
      const wanted = filterOf(options, cli.globals().json)
      return orDocument([], () => withLedger(cli, (ledger) => list(cli, ledger, wanted, filter !== undefined)))
    })
  examples(command, 'llmroute log', 'llmroute log --since 24h --status error --json')
}

function filterOf({ since, until, ...options }: Options, json: boolean): CallFilter {
  return { ...(json ? {} : { limit: SCREENFUL }), ...options, ...parseRange({ since, until }, Date.now()) }
}

async function list(cli: Cli, ledger: Ledger, filter: CallFilter, isFiltered: boolean): Promise<void> {
  const calls = ledger.listCalls(filter)
  if (calls.length === 0 && !isFiltered)
    throw new Fault('E_EMPTY', 'All calls of this ledger were pruned.', { hint: 'Their sums are in `llmroute report`.' })
  if (cli.globals().json) return printJson(cli, calls.map(callViewer(ledger)))
  if (calls.length === 0) return print(cli, unknownFilter(ledger, filter) ?? 'No call matches.')
  const look = lookOf(cli.io)
  const { paint, width } = look
  const notional = notionalReader(ledger)
  await print(
    cli,
    table<CallRow>(calls, look, [
      { head: 'ID', cell: (c) => paint.dim(width < FOR_WHOLE_IDS ? c.id.slice(0, SHORT_ID) : c.id) },
      { head: 'TIME', leave: 3, cell: (c) => formatMoment(c.decidedAtMs) },
      {
        head: 'STATUS',
        leave: 5,
        cell: (c) => (c.status === 'ok' ? paint.green(c.status) : c.status === 'error' ? paint.red(c.status) : paint.yellow(c.status)),
      },
      { head: 'MODEL', cell: (c) => c.model ?? c.chosen ?? 'none' },
      { head: 'TASK', leave: 2, cell: (c) => c.task },
      {
        head: 'COST',
        leave: 6,
        align: 'right',
        cell: (c) => (c.status === 'running' ? '' : `${formatUsd(c.costNano)}${notional(c) ? ' notional' : ''}`),
      },
      { head: 'TOOK', leave: 4, align: 'right', cell: (c) => formatMs(c.latencyMs) },
      { head: 'REASON', leave: 1, flexible: true, cell: (c) => c.error ?? c.reason },
    ]),
  )
}

async function showOne(cli: Cli, ledger: Ledger, id: string): Promise<void> {
  const detail = findCall(ledger, id)
  return answer(cli, viewCall(ledger, detail), () => showCall(detail, notionalReader(ledger)(detail.call), lookOf(cli.io)))
}

const NAMED = ['model', 'task', 'profile', 'client'] as const

/** For a filter without matches: which of its names no call has, with the closest existing ones; null when all are known. */
function unknownFilter(ledger: Ledger, filter: CallFilter): string | null {
  for (const dimension of NAMED) {
    const name = filter[dimension]
    if (name == null) continue
    const known = ledger.rollups({ by: [dimension] }).flatMap(({ by }) => by[dimension] ?? [])
    if (known.includes(name)) continue
    return `No call has the ${dimension} '${name}'. ${didYouMean(name, known) ?? `The ledger has calls with ${known.join(', ')}.`}`
  }
  return null
}

/** One call with its attempts and later outcomes, for a terminal. */
function showCall({ call, attempts, outcomes }: CallDetail, notional: boolean, look: Look): string {
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
