import { type Command, Option } from 'commander'
import { Fault } from '../../kit/index.js'
import { parseRange } from '../../report/parse-time.js'
import { type Cli, examples } from '../cli.js'
import { orDocument } from '../nothing-there.js'
import { withLedger } from '../open-ledger.js'
import { writeLines } from '../write-output.js'

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
    .addOption(new Option('--format <format>', 'format to write').choices(FORMATS).default('jsonl'))
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'calls before this time')
    .option('--bodies', 'include requests and answers as stored (jsonl only)')
    .option('-o, --output <file>', 'write to this file instead of stdout')
    .action(({ format, bodies, output, ...range }: Options) => {
      const jsonlOnly = bodies ? '--bodies' : cli.globals().json ? '--json' : null
      if (jsonlOnly !== null && format === 'csv')
        throw new Fault('E_USAGE', `${jsonlOnly} does not go with --format csv.`, { hint: 'Leave one of the two out.' })
      const request = { format, ...parseRange(range, Date.now()), ...(bodies === undefined ? {} : { bodies }) }
      return orDocument(cli.globals().json && output === undefined ? [] : undefined, () =>
        withLedger(cli, (ledger) => writeLines(cli, ledger.export(request), output)),
      )
    })
  examples(command, 'llmroute export --format csv --output /tmp/calls.csv', 'llmroute export --since 7d | head -1')
}
