import { type Command, Option } from 'commander'
import { buildReport, GROUP_BY, type GroupBy } from '../../report/index.js'
import { type Cli, examples } from '../cli.js'
import { withLedger } from '../open-ledger.js'
import { paintFor } from '../paint.js'
import { parseRange } from '../parse-time.js'
import { print, printJson } from '../say.js'
import { showReport } from '../show-report.js'

interface Options {
  readonly since?: string
  readonly until?: string
  readonly by: GroupBy
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--since <time>', 'from this time on, such as 30d or 2026-11-01 (taken down to the hour)')
    .option('--until <time>', 'before this time')
    .addOption(new Option('--by <what>', 'what to group by').choices(GROUP_BY).default('model'))
    .action((options: Options) =>
      withLedger(cli, async (ledger) => {
        const nowMs = Date.now()
        const report = buildReport(ledger, { ...parseRange(options, nowMs), by: options.by, nowMs })
        if (cli.globals().json) return printJson(cli, report)
        return print(cli, showReport(report, paintFor(cli.io)))
      }),
    )
  examples(command, 'llmroute report --since 30d', 'llmroute report --by route --json')
}
