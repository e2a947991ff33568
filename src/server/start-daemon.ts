import type { IncomingMessage } from 'node:http'
import { type LoadedConfig, localKeysPath } from '../config/index.js'
import { removeDaemonFile, type Status, writeDaemonFile } from '../control/index.js'
import { asFault, Fault } from '../kit/index.js'
import { createAuthenticator } from './authenticate.js'
import { answerBatchApi } from './batches/answer-batches.js'
import { credentialOf } from './check-access.js'
import { createOwnAnswers } from './create-own-answers.js'
import { createDaemonApi } from './daemon-api.js'
import { createMetrics } from './metrics.js'
import { servePage } from './page/serve-page.js'
import { readSecret } from './read-secret.js'
import { buildRuntime, type Runtime, type RuntimeOptions } from './runtime.js'
import { startServer } from './start-server.js'
import { startTunnel, type Tunnel } from './start-tunnel.js'

export interface DaemonOptions extends RuntimeOptions {
  readonly host: string
  readonly port: number
  /** Reads the configuration again, for a reload. */
  readonly again: () => Promise<LoadedConfig>
}

export interface Daemon {
  readonly url: string
  readonly port: number
  readonly runtime: Runtime
  /** Null unless the configuration asks for one. */
  readonly tunnel: Tunnel | null
  /** Resolves when the daemon has stopped, however it was asked to. */
  readonly stopped: Promise<void>
  /** As `GET /api/status` answers. */
  readonly status: () => Status
  reload(): Promise<string | null>
  stop(): Promise<void>
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '::1'])

/** Runs the proxy until it is stopped. Throws E_CONFIG when the address cannot be used, before the ledger is touched by a call. */
export async function startDaemon(loaded: LoadedConfig, options: DaemonOptions): Promise<Daemon> {
  const { server } = loaded.config
  const { host } = options
  const key = server.key === undefined ? null : await readSecret(server.key, 'server.key', options.env)
  if (!LOOPBACK_HOSTS.has(host) && key === null) {
    throw new Fault('E_CONFIG', `${host} can be reached from other machines, so a key is needed`, {
      hint: 'Set server.key, or listen on 127.0.0.1.',
    })
  }
  const metrics = createMetrics()
  const runtime = await buildRuntime(loaded, {
    ...options,
    onSettled(settled) {
      metrics.observe(settled)
      options.onSettled?.(settled)
    },
  })
  const startedAt = new Date()
  let url = ''
  let configError: string | null = null
  let opened: Tunnel | null = null
  let finish: () => void = () => {}
  const stopped = new Promise<void>((resolve) => {
    finish = resolve
  })

  const readAgain = async (): Promise<string | null> => {
    try {
      await runtime.reload(await options.again())
      configError = null
    } catch (error) {
      configError = asFault(error).message
    }
    return configError
  }
  // One after the other, so that the newest is the last.
  let reloading: Promise<string | null> = Promise.resolve(null)
  const reload = (): Promise<string | null> => {
    reloading = reloading.then(readAgain)
    return reloading
  }
  const page = servePage(runtime, () => new URL(url).port)
  const api = createDaemonApi({
    runtime,
    page,
    version: options.appVersion,
    url: () => url,
    startedAt,
    configError: () => configError,
    tunnel: () => opened && { port: opened.port, url: opened.url() },
    reload,
    stop: () => void stop(),
  })

  const authenticate = createAuthenticator({
    serverKey: key,
    token: api.token,
    keysPath: localKeysPath(loaded),
    now: () => performance.now(),
  })
  const stranger = (req: IncomingMessage): Fault | null => {
    const who = LOOPBACK_HOSTS.has(host) ? null : authenticate(credentialOf(req.headers, req.url ?? ''))
    return who instanceof Fault ? who : null
  }
  const own = createOwnAnswers({ runtime, metrics, page, api, version: options.appVersion, stranger })

  const listening = await startServer({
    router: runtime.router,
    setup: runtime.setup,
    port: options.port,
    host,
    allowedHosts: LOOPBACK_HOSTS.has(host) ? server.allowedHosts : [host, ...server.allowedHosts],
    maxBody: server.maxBody,
    own,
    batches: ({ api: path, rest }, req, key, readBody) =>
      answerBatchApi(path, rest, req, key, readBody, {
        store: () => runtime.ledger()?.batch ?? null,
        deadlineOf: (profile) => runtime.setup().deadlines?.get(profile ?? runtime.setup().defaultProfile) ?? null,
        nudge: runtime.batches.nudge,
      }),
    authenticate,
  }).catch(async (error: unknown) => {
    await runtime.close()
    throw error
  })
  url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`
  const { tunnel: settings } = loaded.config
  const tunnel =
    settings === undefined
      ? null
      : await startTunnel({
          settings,
          env: options.env,
          router: runtime.router,
          setup: runtime.setup,
          maxBody: server.maxBody,
          report: (error) => options.onError?.(error, null),
        }).catch(async (error: unknown) => {
          await listening.close()
          await runtime.close()
          throw error
        })
  opened = tunnel
  runtime.batches.start()
  try {
    writeDaemonFile(runtime.db, { url, token: api.token, pid: process.pid, version: options.appVersion })
  } catch (cause) {
    // A full disk must not stop the daemon from serving.
    const message = `other commands will not find this daemon: ${(cause as Error).message}`
    options.onError?.(new Fault('E_UNAVAILABLE', message, { hint: 'Give a ledger on another disk with --db.', cause }), null)
  }

  let stopping: Promise<void> | null = null
  function stop(): Promise<void> {
    stopping ??= (async () => {
      removeDaemonFile(runtime.db, api.token)
      await tunnel?.close()
      await listening.close(server.drain)
      await page.close()
      await runtime.close()
      finish()
    })()
    return stopping
  }
  return { url, port: listening.port, runtime, tunnel, stopped, status: api.status, reload, stop }
}
