import { type Command, InvalidArgumentError, Option } from 'commander'
import { BARRED_PORTS } from '../../config/schema/barred-ports.js'
import { type Cli, examples } from '../cli.js'

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  readonly sandbox?: boolean
  readonly detach?: boolean
  /** A service manager runs it. */
  readonly asService?: boolean
  /** Name of the program; true takes one that is installed. */
  readonly tunnel?: string | true
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--port <port>', 'listen on this port; 0 takes a free one (default: server.port, else 4141)', portNumber)
    .option('--host <host>', 'listen on this address (default: server.host, else 127.0.0.1)')
    .option('--sandbox', 'use simulated models, even if keys are set')
    .option(
      '--tunnel [program]',
      'open a public address with its own token, through cloudflared, tailscale or ngrok (default: the first installed)',
    )
    .option('--detach', 'run in the background; see status, logs and stop')
    .addOption(new Option('--as-service', 'exit with 0 if restarting would not help').hideHelp())
    .action(async (options: ServeOptions) => {
      if (options.detach) return (await import('../serve/detach.js')).detach(cli, options)
      if (options.asService) return (await import('../serve/serve-here.js')).serveAsService(cli, options)
      return (await import('../serve/serve-here.js')).serveHere(cli, options)
    })
  examples(command, 'llmroute serve', 'llmroute serve --sandbox --port 0 --detach')
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.')
  if (BARRED_PORTS.has(port)) throw new InvalidArgumentError('Give another port: fetch and browsers refuse to connect to this one.')
  return port
}
