import { createWriteStream } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Ledger } from '../../ledger/index.js'
import { type CallJson, callJson } from '../../report/index.js'
import { type Cli, examples } from '../cli.js'
import { write } from '../io.js'
import { withLedger } from '../open-ledger.js'
import { parseRange } from '../parse-time.js'

const FORMATS = ['jsonl', 'csv'] as const

interface Options {
  readonly format: (typeof FORMATS)[number]
  readonly since?: string
  readonly until?: string
  readonly bodies?: boolean
  readonly output?: string
}

/** Calls read at a time, so that a large ledger does not have to fit into memory. */
const SPAN_MS = 3_600_000

export function define(command: Command, cli: Cli): void {
  command
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('jsonl'))
    .option('--since <time>', 'from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'before this time')
    .option('--bodies', 'with requests and replies as stored (jsonl only)')
    .option('-o, --output <file>', 'write to this file instead of stdout')
    .action((options: Options) => withLedger(cli, (ledger) => exportCalls(cli, ledger, options)))
  examples(command, 'llmroute export --format csv --output /tmp/calls.csv', 'llmroute export --since 7d | head -1')
}

async function exportCalls(cli: Cli, ledger: Ledger, options: Options): Promise<void> {
  const out = options.output === undefined ? cli.io.stdout : createWriteStream(options.output, { mode: 0o600 })
  const toLine = options.format === 'csv' ? csvLine : jsonLine(ledger, options.bodies === true)
  if (options.format === 'csv') await write(out, `${CSV_COLUMNS.join(',')}\n`)
  for (const span of spans(ledger, parseRange(options, Date.now()))) {
    const calls = ledger.listCalls(span).reverse()
    if (calls.length > 0) await write(out, calls.map((call) => `${toLine(callJson(call))}\n`).join(''))
  }
  if (out !== cli.io.stdout) await new Promise<void>((resolve, reject) => out.once('error', reject).end(resolve))
}

/** The range cut into hours that have calls, oldest first. */
function* spans(ledger: Ledger, { since, until }: { since?: number; until?: number }): Generator<{ since: number; until: number }> {
  const { oldestMs, newestMs } = ledger.counts()
  const end = Math.min(until ?? Number.POSITIVE_INFINITY, (newestMs ?? 0) + 1)
  let from = Math.max(since ?? 0, oldestMs ?? 0)
  while (from < end) {
    const to = Math.min(end, from + SPAN_MS)
    yield { since: from, until: to }
    from = to
  }
}

function jsonLine(ledger: Ledger, bodies: boolean): (call: CallJson) => string {
  if (!bodies) return (call) => JSON.stringify(call)
  return (call) => {
    const stored = ledger.bodiesOf(call.id)
    const request = stored === null ? null : stored.request.map(({ json }) => JSON.parse(json) as unknown)
    return JSON.stringify({ ...call, request, reply: stored?.reply == null ? null : (JSON.parse(stored.reply) as unknown) })
  }
}

const CSV_COLUMNS = [
  ...([
    'id',
    'startedAt',
    'status',
    'client',
    'sessionId',
    'turn',
    'profile',
    'requestedModel',
    'mode',
    'chosen',
    'model',
    'task',
  ] as const),
  ...(['complexity', 'difficulty', 'stream', 'attempts', 'inputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'outputTokens'] as const),
  ...(['reasoningTokens', 'costUsd', 'baseline', 'baselineCostUsd', 'ttftMs', 'latencyMs', 'rule', 'reason', 'source', 'error'] as const),
]

/** RFC 4180; unknown is empty. A text that a spreadsheet would run as a formula is quoted with an apostrophe. */
function csvLine(call: CallJson): string {
  return CSV_COLUMNS.map((name) => csvCell(call[name])).join(',')
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
