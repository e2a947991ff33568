import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, type LoadedConfig, profileSettings } from '../../config/index.js'
import { type Daemon, findDaemon, httpAddress } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import { type Client, findProgram, TUNNELS, thisMachine, tunnelToken } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { remark } from '../say.js'
import { startInBackground } from '../serve/detach.js'

export type FoundTarget = Readonly<Awaited<ReturnType<typeof findTarget>>>

/** An address with the credential to show there. */
interface Address {
  readonly url: string
  readonly key: string
  readonly keyNeeded: boolean
  readonly missing?: readonly string[]
}

/** Where a client is to be pointed. Throws E_USAGE for options that mean nothing. */
export async function findTarget(cli: Cli, client: Client, options: ConnectOptions) {
  if (options.tunnel !== undefined && (!client.remote || options.url !== undefined))
    throw new Fault('E_USAGE', `--tunnel does not go with ${client.remote ? '--url' : `${client.title}, which calls from this machine`}.`, {
      hint: 'Leave it out.',
    })
  const loaded = await loadForCli(cli)
  if (options.profile !== undefined) checkProfile(options.profile, options.url === undefined ? loaded.config : null)
  const ledger = await ledgerPath(cli, loaded.config)
  const daemon = await findDaemon(ledger)
  const { missing = [], ...address } =
    client.remote && options.url === undefined
      ? await outsideAddress(cli, options, loaded, daemon, ledger)
      : localAddress(options, loaded, daemon)
  return {
    target: { ...address, profile: options.profile ?? null, at: new Date().toISOString() },
    running: daemon !== null,
    configFolder: loaded.folder,
    /** Names that clients may request although no model of the pool has them. */
    aliases: Object.keys(loaded.config.aliases),
    /** What is still missing before the address can be used. */
    missing,
  }
}

/** A client with an unknown profile would be refused at every call; a proxy elsewhere has its own configuration. */
function checkProfile(name: string, config: Config | null): void {
  const known = config === null ? null : Object.keys(profileSettings(config))
  if (known === null ? /^[\w.-]+$/.test(name) : known.includes(name)) return
  throw new Fault('E_USAGE', `There is no profile '${name}'.`, {
    hint: known === null ? 'See `llmroute config check`.' : `Profiles are ${known.join(', ')}.`,
  })
}

function localAddress({ url, key }: ConnectOptions, { config }: LoadedConfig, daemon: Daemon | null): Address {
  const { host, port, key: asked } = config.server
  if (asked !== undefined && key === undefined)
    throw new Fault('E_USAGE', 'The proxy requires server.key, which the client has to send.', { hint: 'Give it with --key.' })
  return {
    url: url === undefined ? (daemon?.status.url ?? httpAddress(reachable(host), port)) : checked(url),
    key: key ?? 'llmroute',
    keyNeeded: key !== undefined,
  }
}

function checked(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Fault('E_USAGE', `'${url}' is no address.`, { hint: 'Give one such as http://127.0.0.1:4141.' })
  // What each client wants behind it is in its row.
  return url.replace(/\/+$/, '').replace(/\/v1(beta)?$/, '')
}

/** Listening everywhere is no address to call. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

const UNKNOWN = 'https://ADDRESS-OF-THE-TUNNEL'

/** The public address for clients whose maker's servers do the calling, or what to do to get one. */
async function outsideAddress(
  cli: Cli,
  { key, tunnel }: ConnectOptions,
  { config, folder }: LoadedConfig,
  daemon: Daemon | null,
  ledger: string,
): Promise<Address> {
  const open = tunnel === undefined ? daemon?.status.tunnel?.url : await openTunnel(cli, ledger, tunnel)
  if (!open) return { url: UNKNOWN, key: key ?? 'the token, shown once the tunnel is open', keyNeeded: true, missing: howToOpen(cli) }
  const token = (): string => (config.tunnel === undefined ? tunnelToken(folder) : 'the value of tunnel.token in your configuration')
  return { url: open, key: key ?? token(), keyNeeded: true }
}

function howToOpen({ io }: Cli): readonly string[] {
  const machine = thisMachine(io.env, io.cwd)
  const lines = TUNNELS.map(({ id, needs }) => `  ${id.padEnd(12)} ${findProgram(id, machine) ? '' : 'not '}installed; ${needs}`)
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
    const url = (await findDaemon(ledger))?.status.tunnel?.url
    if (url) return url
  }
  throw new Fault('E_UNAVAILABLE', "The tunnel's program has not named a public address.", {
    hint: 'See `llmroute logs` for what it says.',
  })
}
