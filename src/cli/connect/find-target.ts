import { findDaemon } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import type { Target } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'

export interface FoundTarget {
  readonly target: Target
  /** A daemon answers there now. */
  readonly running: boolean
  readonly configFolder: string
  /** Names that clients may ask for although no model of the pool has them. */
  readonly aliases: readonly string[]
}

/** Where clients are to be pointed: `--url`, else the running daemon, else what the configuration says. Throws E_USAGE. */
export async function findTarget(cli: Cli, options: ConnectOptions): Promise<FoundTarget> {
  const { config, folder } = await loadForCli(cli)
  const daemon = options.url === undefined ? await findDaemon(await ledgerPath(cli, config)) : null
  const { host, port, key } = config.server
  if (key !== undefined && options.key === undefined)
    throw new Fault('E_USAGE', 'The proxy asks for server.key, which the client has to show.', { hint: 'Give it with --key.' })
  if (options.profile !== undefined && !/^[\w.-]+$/.test(options.profile))
    throw new Fault('E_USAGE', `'${options.profile}' is no profile.`, { hint: 'See `llmroute config check`.' })
  const url = options.url === undefined ? (daemon?.status.url ?? `http://${reachable(host)}:${port}`) : checked(options.url)
  return {
    target: {
      url,
      key: options.key ?? 'llmroute',
      keyNeeded: options.key !== undefined,
      profile: options.profile ?? null,
      at: new Date().toISOString(),
    },
    running: daemon !== null,
    configFolder: folder,
    aliases: Object.keys(config.aliases),
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
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
