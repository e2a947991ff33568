import { resolve } from 'node:path'
import type { Command } from 'commander'
import { costOf, type ModelRev } from '../../catalog/index.js'
import { Fault, formatNumberOf, formatUsd } from '../../kit/index.js'
import type { AttemptRow, Verified } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { ledgerPath, withLedger } from '../open-ledger.js'
import { answer } from '../say.js'

export function define(command: Command, cli: Cli): void {
  const verify = command.command('verify').description('check the whole ledger for errors')
  verify.action(async () => {
    const { usageOf } = await import('../../simulate/served.js')
    // Costs that were estimated, or of attempts without usage, cannot be derived from the row.
    const costed = (attempt: AttemptRow, modelRev: unknown): number | null | undefined =>
      attempt.usageSource === 'reported' ? costOf(usageOf(attempt), (modelRev as ModelRev).rates) : undefined
    return withLedger(cli, (ledger) => report(cli, ledger.verify(costed)))
  })
  examples(verify, 'llmroute ledger verify')

  const backup = command.command('backup').description('copy the ledger while it is in use').argument('<file>', 'a new file')
  backup.action((file: string) =>
    withLedger(cli, async (ledger) => {
      const to = resolve(cli.io.cwd, file)
      await ledger.backup(to)
      await answer(cli, { path: to }, () => `Copied to ${to}.`)
    }),
  )
  examples(backup, 'llmroute ledger backup ledger-copy.db')

  const path = command.command('path').description('show where the ledger is')
  path.action(async () => {
    const found = await ledgerPath(cli)
    return answer(cli, { path: found }, () => found)
  })
  examples(path, 'llmroute ledger path')
  examples(command, 'llmroute ledger verify', 'llmroute ledger backup ledger-copy.db')
}

async function report(cli: Cli, found: Verified): Promise<void> {
  const wrong = [
    ...found.damage,
    ...found.orphans.map((orphans) => `rows without what they refer to: ${orphans}`),
    ...(found.undecided === 0 ? [] : [`${formatNumberOf(found.undecided, 'call')} without a decision`]),
    ...found.wrongAttemptCosts.map(
      ({ call, n, stored, computed }) =>
        `attempt ${n} of ${call} is stored as ${formatUsd(stored)}, its usage and rates give ${formatUsd(computed)}`,
    ),
    ...found.wrongCallCosts.map(
      ({ call, stored, computed }) => `${call} is stored as ${formatUsd(stored)}, its attempts give ${formatUsd(computed)}`,
    ),
    ...(found.wrongHours.length === 0 ? [] : [`the sums of ${found.wrongHours.length} hours differ from their calls`]),
  ]
  const { attempts } = found
  const sound = `The ledger is sound: ${formatNumberOf(attempts, 'attempt')} cost${attempts === 1 ? 's' : ''} what usage and rates give.`
  await answer(cli, { sound: wrong.length === 0, ...found }, () => (wrong.length === 0 ? sound : wrong.join('\n')))
  if (wrong.length > 0)
    throw new Fault('E_LEDGER', `The ledger has ${formatNumberOf(wrong.length, 'fault')}.`, {
      hint: 'Keep a copy with `llmroute ledger backup` before anything else.',
    })
}
