import type { Command } from 'commander'
import { daemonHealth } from '../../control/index.js'
import { formatCount, formatMs } from '../../kit/index.js'
import { type Cli, examples } from '../cli.js'
import { orDocument } from '../nothing-there.js'
import { paintFor } from '../paint.js'
import { runningDaemon } from '../running-daemon.js'
import { print, printJson } from '../say.js'
import { otherVersion } from '../version.js'

export function define(command: Command, cli: Cli): void {
  command.action(async () => {
    const daemon = await orDocument({ running: false }, () => runningDaemon(cli))
    const { status } = daemon
    const models = await daemonHealth(daemon)
    if (cli.globals().json) return printJson(cli, { running: true, ...status, models })
    const paint = paintFor(cli.io)
    const row = (name: string, value: string): string => `${paint.dim(name.padEnd(9))} ${value}`
    const down = models.filter(({ breaker }) => breaker !== 'closed').map(({ model, breaker }) => `${model} ${breaker}`)
    const other = otherVersion(status.version)
    await print(
      cli,
      [
        row(
          'Listening',
          `${status.url}, process ${status.pid}, version ${status.version}${other === null ? '' : paint.yellow(` (${other})`)}`,
        ),
        row('Up for', formatMs(Date.now() - Date.parse(status.startedAt))),
        row('Pool', `${status.pool.join(', ')}${status.sandbox ? paint.yellow(' (simulated)') : ''}`),
        row('Profile', status.profile),
        row('Calls', `${formatCount(status.calls)} recorded, ${status.inFlight} under way`),
        row('Ledger', status.ledger),
        ...(status.ledgerFault ? [row('', paint.red(`Not written: ${status.ledgerFault}`))] : []),
        ...(status.tunnel ? [row('Tunnel', status.tunnel.url ?? `opening, from port ${status.tunnel.port}`)] : []),
        row('Config', status.config.path ?? 'none, defaults apply'),
        ...(status.config.error === null ? [] : [row('Refused', paint.red(status.config.error))]),
        ...(down.length === 0 ? [] : [row('Down', paint.red(down.join(', ')))]),
      ].join('\n'),
    )
  })
  examples(command, 'llmroute status', 'llmroute status --json')
}
