import type { Command } from 'commander'
import { findCall } from '../../ledger/index.js'
import { explainCall, explanationText } from '../../report/index.js'
import { type Cli, examples } from '../cli.js'
import { withLedger } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { print, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command.argument('<id>', 'the call: the first characters of its id, or "last"').action((id: string) =>
    withLedger(cli, async (ledger) => {
      const detail = findCall(ledger, id)
      const { call } = detail
      const explanation = explainCall(ledger, detail)
      if (cli.globals().json) return printJson(cli, explanation)
      const look = lookOf(cli.io)
      const { paint } = look
      const answered = call.model === explanation.chosen ? '' : paint.yellow(`, answered by ${call.model ?? 'no model'}`)
      const failed = call.error === null ? '' : `\n${paint.red(call.error)}`
      return print(
        cli,
        `${paint.bold(call.id)} ${call.status}: ${explanation.chosen ?? 'nothing'} was chosen${answered}${failed}\n${explanationText(explanation, look)}`,
      )
    }),
  )
  examples(command, 'llmroute explain last', 'llmroute explain last --json')
}
