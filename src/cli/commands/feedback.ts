import { Argument, type Command } from 'commander'
import { findCall, openLedger } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { ledgerPath } from '../open-ledger.js'
import { print, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the call: the first characters of its id, or "last"')
    .addArgument(new Argument('<verdict>', 'how it turned out').choices(['good', 'bad']))
    .option('--note <text>', 'why')
    .action(async (id: string, verdict: 'good' | 'bad', { note }: { readonly note?: string }) => {
      const ledger = await openLedger(await ledgerPath(cli))
      try {
        const { call } = findCall(ledger, id)
        await ledger.outcome({
          call: call.id,
          kind: 'feedback',
          value: verdict === 'good' ? 1 : 0,
          atMs: Date.now(),
          ...(note === undefined ? {} : { note }),
        })
        await ledger.flush()
        if (cli.globals().json) return await printJson(cli, { call: call.id, verdict, note: note ?? null })
        return await print(cli, `Noted: ${call.model ?? 'no model'} was ${verdict} for ${call.task} (${call.id}).`)
      } finally {
        await ledger.close()
      }
    })
  examples(command, 'llmroute feedback last good --note "right at once"')
}
