import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadedConfig } from '../../config/index.js'
import { type Daemon, findDaemon, type Status } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import { findProgram, TUNNELS, thisMachine, tunnelToken } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import { remark } from '../say.js'
import { startInBackground } from '../serve/detach.js'
import type { Address } from './find-target.js'

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

/** Programs register with their maker first. */
const ADDRESS_MS = 45_000
const LOOK_MS = 300

/** The public address of the daemon's tunnel; starts a daemon with one when none runs. Throws E_CONFLICT when it runs without. */
async function openTunnel(cli: Cli, ledger: string, program: string | true): Promise<string> {
  const running = await findDaemon(ledger)
  if (running !== null && !running.status.tunnel)
    throw new Fault('E_CONFLICT', `The daemon at ${running.url} runs without a tunnel.`, {
      hint: 'End it with `llmroute stop`, then give this command again: it starts one with a tunnel.',
    })
  if (running === null) {
    const daemon = await startInBackground(cli, { tunnel: program })
    remark(cli, `Started a daemon with a tunnel (process ${daemon.status.pid}); waiting for the public address.`)
  }
  for (const until = Date.now() + ADDRESS_MS; Date.now() < until; await sleep(LOOK_MS)) {
    const tunnel: Status['tunnel'] = (await findDaemon(ledger))?.status.tunnel
    if (tunnel?.url) return tunnel.url
  }
  throw new Fault('E_UNAVAILABLE', "The tunnel's program has not named a public address.", {
    hint: 'See `llmroute logs` for what it says.',
  })
}
