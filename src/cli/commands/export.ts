import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Ledger } from '../../ledger/index.js'
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

async function exportCalls(cli: Cli, ledger: Ledger, { format, bodies, output, ...range }: Options): Promise<void> {
  const out = output === undefined ? cli.io.stdout : createWriteStream(resolve(cli.io.cwd, output), { mode: 0o600 })
  const request = { format, ...parseRange(range, Date.now()), ...(bodies === undefined ? {} : { bodies }) }
  for (const page of ledger.export(request)) await write(out, page)
  if (out !== cli.io.stdout) await new Promise<void>((done, failed) => out.once('error', failed).end(done))
}
