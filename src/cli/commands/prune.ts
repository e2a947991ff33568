import type { Command } from 'commander'
import { Fault, formatMoment, formatNumberOf } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { parseDuration } from '../../report/parse-time.js'
import { foldForPruning } from '../../server/restore-state.js'
import { type Cli, examples } from '../cli.js'
import { withLedger } from '../open-ledger.js'
import { agreed } from '../questions.js'
import { answer } from '../say.js'

interface Options {
  readonly olderThan: string
  readonly bodies?: boolean
  readonly yes?: boolean
}

export function define(command: Command, cli: Cli): void {
  command
    .requiredOption('--older-than <duration>', 'delete calls older than this, such as 90d')
    .option('--bodies', 'delete only the text of requests and answers, keep everything else')
    .option('-y, --yes', 'do not ask before deleting')
    .action(async ({ olderThan, bodies, yes }: Options) => {
      const before = Date.now() - parseDuration(olderThan, '--older-than')
      // An empty ledger is said to be one, rather than made.
      await withLedger(cli, async () => {})
      const question = `Delete ${bodies ? 'the text of calls' : 'all calls'} from before ${formatMoment(before)}?`
      if (!cli.globals().json && !yes && !(await agreed(cli, question))) throw new Fault('E_CANCELLED', 'Nothing was deleted.')
      const prune = (ledger: Ledger) =>
        ledger.prune(bodies ? { bodiesBefore: before } : { callsBefore: before, bodiesBefore: before, fold: foldForPruning(ledger) })
      const pruned = await withLedger(cli, prune, {})
      const deleted = bodies
        ? `the text of ${formatNumberOf(pruned.bodies, 'call')}`
        : `${formatNumberOf(pruned.calls, 'call')}; their sums are kept`
      return answer(cli, pruned, () => `Deleted ${deleted}.`)
    })
  examples(command, 'llmroute prune --older-than 90d', 'llmroute prune --older-than 7d --bodies')
}
