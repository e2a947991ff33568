import { type Command, Option } from 'commander'
import { Fault } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { buildReport, emptyReport, GROUP_BY, type GroupBy, pageData, reportPage } from '../../report/index.js'
import { parseRange } from '../../report/parse-time.js'
import { forecast, forecastJson } from '../../simulate/index.js'
import { type Cli, examples } from '../cli.js'
import { orDocument } from '../nothing-there.js'
import { withLedger } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { answer } from '../say.js'
import { showForecast, showReport } from '../show-report.js'
import { writePage } from '../write-output.js'

interface Options {
  readonly since?: string
  readonly until?: string
  readonly by: GroupBy
  readonly html?: string
  readonly forecast?: boolean
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01 (rounded down to the hour)')
    .option('--until <time>', 'calls before this time (rounded up to the hour)')
    .addOption(new Option('--by <what>', 'what to group by').choices(GROUP_BY).default('model'))
    .option('--html <file>', 'write a page that shows everything, works offline and prints well')
    .addOption(
      new Option('--forecast', 'compare what the policy adopted last was expected to do with what happened since').conflicts([
        'html',
        'since',
        'until',
      ]),
    )
    .action((options: Options) => {
      const nowMs = Date.now()
      const query = { ...parseRange(options, nowMs), nowMs }
      const work = async (ledger: Ledger): Promise<void> => {
        if (options.forecast) {
          const found = forecast(ledger)
          return answer(cli, forecastJson(found), () => showForecast(found, lookOf(cli.io)))
        }
        const page = options.html === undefined ? null : pageData(ledger, query)
        const report = page?.report ?? buildReport(ledger, { ...query, by: options.by })
        if (report.calls + report.verification.calls === 0)
          throw new Fault('E_EMPTY', 'No call of this range has ended.', {
            hint: 'Widen --since and --until, or wait for the calls that run.',
          })
        if (page !== null && options.html !== undefined) return writePage(cli, options.html, reportPage(page))
        return answer(cli, report, () => showReport(report, lookOf(cli.io)))
      }
      const isPlain = !options.forecast && options.html === undefined
      return isPlain ? orDocument(emptyReport({ ...query, by: options.by }), () => withLedger(cli, work)) : withLedger(cli, work)
    })
  examples(
    command,
    'llmroute report --since 30d',
    'llmroute report --by route --json',
    'llmroute report --html report.html',
    'llmroute report --forecast',
  )
}
