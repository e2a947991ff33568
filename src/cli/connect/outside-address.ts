import type { LoadedConfig } from '../../config/index.js'
import type { Daemon } from '../../control/index.js'
import { findProgram, TUNNELS, thisMachine, tunnelToken } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import type { Address } from './find-target.js'
import { openTunnel } from './open-tunnel.js'

interface Outside {
  readonly options: ConnectOptions
  readonly loaded: LoadedConfig
  readonly ledger: string
  readonly daemon: Daemon | null
}

const UNKNOWN = 'https://ADDRESS-OF-THE-TUNNEL'

/** The public address for clients whose maker's servers do the calling, or what to do to get one. */
export async function outsideAddress(cli: Cli, { options, loaded, ledger, daemon }: Outside): Promise<Address> {
  const own = loaded.config.tunnel !== undefined
  const open = options.tunnel === undefined ? daemon?.status.tunnel?.url : await openTunnel(cli, ledger, options.tunnel)
  const token = (): string => (own ? 'the value of tunnel.token in your configuration' : tunnelToken(loaded.folder))
  if (open) return { url: open, key: options.key ?? token(), keyNeeded: true }
  return { url: UNKNOWN, key: options.key ?? 'the token, shown once the tunnel is open', keyNeeded: true, missing: howToOpen(cli) }
}

function howToOpen({ io }: Cli): readonly string[] {
  const machine = thisMachine(io.env, io.cwd)
  const lines = TUNNELS.map(
    ({ id, needs }) => `  ${id.padEnd(12)} ${findProgram(id, machine) === null ? 'not installed; ' : 'installed; '}${needs}`,
  )
  return [
    'No tunnel is open yet. `llmroute connect cursor --tunnel` starts a daemon with one, through the first of these that is installed:',
    ...lines,
    'Only inference is served through it, behind a token of its own, at most 120 requests a minute.',
  ]
}
