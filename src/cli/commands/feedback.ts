import { Argument, type Command } from 'commander'
import { findDaemon, sendFeedback } from '../../control/index.js'
import { feedbackRow, findCall, type Ledger } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { withLedger } from '../open-ledger.js'
import { answer } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the call: the first characters of its id, or "last"')
    .addArgument(new Argument('<verdict>', 'how it turned out').choices(['good', 'bad']))
    .option('--note <text>', 'why')
    .action((id: string, verdict: 'good' | 'bad', { note }: { readonly note?: string }) => {
      const record = async (ledger: Ledger): Promise<void> => {
        const { call } = findCall(ledger, id)
        const feedback = { call: call.id, verdict, ...(note === undefined ? {} : { note }) }
        const daemon = await findDaemon(ledger.path)
        // A daemon learns from it at once; it would otherwise hear of it at its next start.
        if (daemon !== null) await sendFeedback(daemon, feedback)
        else await ledger.outcome(feedbackRow(feedback, Date.now()))
        await ledger.flush()
        const said = `Noted: ${call.model ?? 'no model'} was ${verdict} for ${call.task} (${call.id}).`
        return answer(cli, { call: call.id, verdict, note: note ?? null }, () => said)
      }
      return withLedger(cli, record, {})
    })
  examples(command, 'llmroute feedback last good --note "right at once"')
}
