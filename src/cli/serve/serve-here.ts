import { configFolder, type Overrides, watchConfig } from '../../config/index.js'
import { httpAddress } from '../../control/index.js'
import { asFault, Fault, scavengeAlone, sweepHeapAfter } from '../../kit/index.js'
import { type Daemon, startDaemon } from '../../server/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { refuseRunning } from '../running-daemon.js'
import { answer } from '../say.js'
import { exitCodeOf, showError } from '../show-error.js'
import { packageVersion } from '../version.js'
import { banner } from './banner.js'
import { openCallLog } from './call-log.js'

/**
 * By how much the heap of a daemon, which is left running, may grow before it is swept, percent: 50 MB less after ten thousand calls. Only
 * many large requests at once take more processor time.
 */
const HEAP_GROWTH = 40

/** Serves until it is stopped by a signal or through the daemon's API. Throws E_CANCELLED, once all calls are done, when interrupted. */
export async function serveHere(cli: Cli, options: ServeOptions): Promise<void> {
  sweepHeapAfter(HEAP_GROWTH)
  scavengeAlone()
  const overrides = await serveOverrides(cli, options)
  const loaded = await loadForCli(cli, overrides)
  const db = await ledgerPath(cli, loaded.config)
  await refuseRunning(db, 'E_CONFIG')
  const log = openCallLog(cli.io)
  const host = options.host ?? loaded.config.server.host
  const port = options.port ?? loaded.config.server.port
  const daemon = await startDaemon(loaded, {
    db,
    host,
    port,
    env: cli.io.env,
    appVersion: packageVersion(),
    again: () => loadForCli(cli, overrides),
    onSettled: log.settled,
    onError: log.failed,
    onNote: log.note,
  }).catch(async (error: unknown) => {
    throw (await nameHolder(host, port, error)) ?? error
  })
  const forget = stopOnSignals(cli, daemon)
  await answer(cli, daemon.status(), () => banner(daemon, cli.io))
  daemon.runtime.warmUp().catch((error: unknown) => log.failed(error, null))
  const unwatch = loaded.path === null ? () => {} : reloadOnChange(loaded.path, daemon, log)
  await daemon.stopped
  forget()
  unwatch()
  log.close()
  if (cli.io.interrupted.aborted) throw new Fault('E_CANCELLED', 'Interrupted; the calls under way were ended first.')
}

/** On a busy machine a daemon may take a second to answer. */
const HOLDER_MS = 3000

/** Says who holds the port when it is another llmroute; null when that is not known. */
async function nameHolder(host: string, port: number, error: unknown): Promise<Fault | null> {
  if ((asFault(error).cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') return null
  try {
    const answer = await fetch(`${httpAddress(host, port)}/health`, { signal: AbortSignal.timeout(HOLDER_MS) })
    const { version } = (await answer.json()) as { version?: unknown }
    if (typeof version !== 'string') return null
    return new Fault('E_CONFIG', `Port ${port} is held by another llmroute (${version}) with another ledger.`, {
      hint: 'Choose another port with --port, or name its ledger with --db to manage it.',
    })
  } catch {
    return null
  }
}

function stopOnSignals(cli: Cli, daemon: Daemon): () => void {
  const stop = (): void => void daemon.stop()
  cli.io.interrupted.addEventListener('abort', stop, { once: true })
  if (cli.io.interrupted.aborted) stop()
  process.once('SIGTERM', stop)
  // A terminal that is closed takes its daemon along; one in the background has no terminal.
  process.once('SIGHUP', stop)
  return () => {
    process.off('SIGTERM', stop)
    process.off('SIGHUP', stop)
  }
}

/** The daemon reads the file itself: it keeps the last good configuration and remembers why a new one was refused. */
function reloadOnChange(path: string, daemon: Daemon, log: ReturnType<typeof openCallLog>): () => void {
  const reload = (): void => {
    void daemon.reload().then((error) => {
      if (error === null) log.note(`configuration reloaded from ${path}`)
      else log.failed(new Fault('E_CONFIG', `the new configuration was rejected, the last valid one stays in use: ${error}`), null)
    })
  }
  return watchConfig(path, reload)
}

/** Settings on the command line that override the configuration. Throws E_USAGE when a tunnel is not possible. */
async function serveOverrides(cli: Cli, { sandbox, tunnel }: ServeOptions): Promise<Overrides> {
  const overrides = sandbox ? { sandbox: true } : {}
  if (tunnel === undefined) return overrides
  const { env, cwd } = cli.io
  const { chooseTunnel, thisMachine, tunnelToken } = await import('../../setup/index.js')
  const { command } = chooseTunnel(thisMachine(env, cwd), tunnel === true ? undefined : tunnel)
  return { ...overrides, tunnel: { command, token: tunnelToken(await configFolder(env)) } }
}

/**
 * For service managers that know only one way to leave a program alone: that it ended well. A configuration that is wrong, or a
 * ledger of a newer version, would be as wrong ten seconds later.
 */
export async function serveAsService(cli: Cli, options: ServeOptions): Promise<void> {
  try {
    await serveHere(cli, options)
  } catch (error) {
    const fault = asFault(error)
    if (exitCodeOf(fault.code) !== 2 && !fault.final) throw error
    showError(error, [], cli.io)
    cli.io.stderr.write(
      'llmroute: It is not started again until the next login; `launchctl kickstart gui/$UID/dev.llmroute.daemon` does it now.\n',
    )
  }
}
