import { existsSync } from 'node:fs'
import { Argument, type Command } from 'commander'
import { findDaemon, sendFeedback } from '../../control/index.js'
import { feedbackRow, findCall, openLedger } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { emptyLedger, ledgerPath } from '../open-ledger.js'
import { print, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the call: the first characters of its id, or "last"')
    .addArgument(new Argument('<verdict>', 'how it turned out').choices(['good', 'bad']))
    .option('--note <text>', 'why')
    .action(async (id: string, verdict: 'good' | 'bad', { note }: { readonly note?: string }) => {
      const path = await ledgerPath(cli)
      if (!existsSync(path)) throw emptyLedger(path)
      const ledger = await openLedger(path)
      try {
        if (ledger.counts().calls === 0) throw emptyLedger(path)
        const { call } = findCall(ledger, id)
        const feedback = { call: call.id, verdict, ...(note === undefined ? {} : { note }) }
        const daemon = await findDaemon(path)
        // A daemon learns from it at once; it would otherwise hear of it at its next start.
        if (daemon !== null) await sendFeedback(daemon, feedback)
        else await ledger.outcome(feedbackRow(feedback, Date.now()))
        await ledger.flush()
        if (cli.globals().json) return await printJson(cli, { call: call.id, verdict, note: note ?? null })
        return await print(cli, `Noted: ${call.model ?? 'no model'} was ${verdict} for ${call.task} (${call.id}).`)
      } finally {
        await ledger.close()
      }
    })
  examples(command, 'llmroute feedback last good --note "right at once"')
}
