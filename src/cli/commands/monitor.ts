import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { Fault } from '../../kit/index.js'
import { openLedger } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { ledgerPath } from '../open-ledger.js'
import { colourLevel, widthOf } from '../paint.js'
import { printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command
    .option('--snapshot', 'draw one frame as plain text and end; with --json as a document')
    .action(async ({ snapshot }: { readonly snapshot?: boolean }) => {
      // React and Ink pick their fast builds by this, when they are first loaded.
      process.env.NODE_ENV ??= 'production'
      const { stdin, stdout } = process
      const { json } = cli.globals()
      if (!snapshot && !json && (!(stdin.isTTY && stdout.isTTY) || cli.io.env.TERM === 'dumb'))
        throw new Fault('E_USAGE', 'The monitor needs a terminal.', {
          hint: 'Use `llmroute monitor --snapshot`, `llmroute log` or `llmroute report` without one.',
        })
      const path = await ledgerPath(cli)
      // A monitor may be opened first and shows the calls as they come.
      if (!existsSync(path)) await (await openLedger(path)).close()
      const colours = colourLevel(cli.io.env, cli.io.stdout.isTTY === true)
      const monitor = await import('../../monitor/index.js')
      if (json) return printJson(cli, monitor.snapshotJson(await monitor.snapshotNow(path)))
      const width = widthOf(cli.io)
      const columns = Number.isFinite(width) ? width : 100
      if (snapshot) return void cli.io.stdout.write(await monitor.oneFrame({ ledger: path, colours, columns, rows: stdout.rows || 30 }))
      await monitor.runMonitor({ ledger: path, colours, stdin, stdout })
    })
  command.addHelpText(
    'after',
    '\nKeys: up and down select, enter tells why, / filters, p pauses, s sorts, w asks what if, ? helps, q quits.',
  )
  examples(command, 'llmroute monitor', 'llmroute monitor --snapshot')
}
