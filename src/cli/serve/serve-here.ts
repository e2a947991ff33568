import { watchConfig } from '../../config/index.js'
import { findDaemon } from '../../control/index.js'
import { asFault, Fault, scavengeAlone, sweepHeapAfter } from '../../kit/index.js'
import { type Daemon, startDaemon } from '../../server/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { packageVersion } from '../package-version.js'
import { print, printJson } from '../say.js'
import { banner } from './banner.js'
import { openCallLog } from './call-log.js'
import { serveOverrides } from './overrides.js'

/**
 * By how much the heap of a daemon, which is left running, may grow before it is swept, percent: 50 MB less after ten thousand calls. Only
 * many large requests at once take more processor time.
 */
const HEAP_GROWTH = 30

/** Serves until it is stopped by a signal or through the daemon's API. Throws E_CANCELLED, once all calls are done, when interrupted. */
export async function serveHere(cli: Cli, options: ServeOptions): Promise<void> {
  sweepHeapAfter(HEAP_GROWTH)
  scavengeAlone()
  const overrides = await serveOverrides(cli, options)
  const loaded = await loadForCli(cli, overrides)
  const db = await ledgerPath(cli, loaded.config)
  await refuseSecond(db)
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
  await (cli.globals().json ? printJson(cli, daemon.status()) : print(cli, banner(daemon, cli.io)))
  daemon.runtime.warmUp().catch((error: unknown) => log.failed(error, null))
  const unwatch = loaded.path === null ? () => {} : reloadOnChange(cli, loaded.path, daemon, log.note)
  await daemon.stopped
  forget()
  unwatch()
  log.close()
  if (cli.io.interrupted.aborted) throw new Fault('E_CANCELLED', 'Interrupted; the calls under way were ended first.')
}

async function refuseSecond(db: string): Promise<void> {
  const running = await findDaemon(db)
  if (running === null) return
  throw new Fault('E_CONFIG', `A daemon with this ledger already listens at ${running.url} (process ${running.status.pid}).`, {
    hint: 'Use it, end it with `llmroute stop`, or give another ledger with --db.',
  })
}

/** On a busy machine a daemon may take a second to answer. */
const HOLDER_MS = 3000

/** Says who holds the port when it is another llmroute; null when that is not known. */
async function nameHolder(host: string, port: number, error: unknown): Promise<Fault | null> {
  if ((asFault(error).cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') return null
  try {
    const answer = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(HOLDER_MS) })
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

/** Either way the daemon reads the file itself: it keeps the last good configuration and remembers why a new one was refused. */
function reloadOnChange(cli: Cli, path: string, daemon: Daemon, note: (text: string) => void): () => void {
  const reload = (): void => {
    void daemon.reload().then((error) => {
      note(
        error === null
          ? `configuration reloaded from ${path}`
          : `the new configuration was rejected, the last valid one stays in use: ${error}`,
      )
    })
  }
  return watchConfig(path, { cwd: cli.io.cwd, env: cli.io.env }, { onChange: reload, onError: reload })
}
