import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type LoadedConfig, localKeysPath, needSecret } from '../config/index.js'
import { httpAddress, removeDaemonFile, type Status, writeDaemonFile } from '../control/index.js'
import { asFault, Fault } from '../kit/index.js'
import { createAuthenticator } from './authenticate.js'
import { answerBatchApi } from './batches/answer-batches.js'
import { credentialOf } from './check-access.js'
import { createDaemonApi } from './daemon-api.js'
import { createMetrics } from './metrics.js'
import { servePage } from './page/serve-page.js'
import { buildRuntime, closeAll, type Runtime, type RuntimeOptions } from './runtime.js'
import { startServer } from './start-server.js'
import { startTunnel, type Tunnel } from './start-tunnel.js'

interface DaemonOptions extends RuntimeOptions {
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
  const { server, tunnel: tunnelSettings } = loaded.config
  const { host } = options
  const isLocal = LOOPBACK_HOSTS.has(host)
  const key = server.key === undefined ? null : await needSecret(server.key, 'server.key', options.env)
  if (!isLocal && key === null) {
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
  const report = (error: unknown): void => options.onError?.(error, null)
  const opened = createClosers(report)
  opened.add(runtime.close)
  const startedAt = new Date()
  /** Why the newest configuration was refused; null when it is in use. */
  let configError: string | null = null
  let reloading: Promise<string | null> = Promise.resolve(null)
  const readAgain = async (): Promise<string | null> => {
    try {
      await runtime.reload(await options.again())
      configError = null
    } catch (error) {
      configError = asFault(error).message
    }
    return configError
  }
  // One time after the other, so that the newest is the last.
  const reload = (): Promise<string | null> => {
    reloading = reloading.then(readAgain)
    return reloading
  }
  // Known once it listens; the API tells them.
  let url = ''
  let tunnel: Tunnel | null = null
  const page = servePage(runtime, () => new URL(url).port)
  opened.add(page.close)
  const token = randomBytes(32).toString('base64url')
  const keysPath = localKeysPath(loaded)
  const authenticate = createAuthenticator({ serverKey: key, token, keysPath, now: () => performance.now() })
  const stranger = (req: IncomingMessage): Fault | null => {
    const who = isLocal ? null : authenticate(credentialOf(req.headers, req.url ?? ''))
    return who instanceof Fault ? who : null
  }
  const api = createDaemonApi({
    runtime,
    metrics,
    page,
    token,
    stranger,
    version: options.appVersion,
    url: () => url,
    startedAt,
    configError: () => configError,
    tunnel: () => tunnel && { port: tunnel.port, url: tunnel.url() },
    reload,
    stop: () => void opened.close(),
  })
  const { router, setup } = runtime
  const { maxBody } = server
  try {
    const listening = await startServer({
      router,
      setup,
      port: options.port,
      host,
      allowedHosts: isLocal ? server.allowedHosts : [host, ...server.allowedHosts],
      maxBody,
      own: api.answer,
      batches: (wanted, req, key, readBody) => answerBatchApi(wanted, req, key, readBody, runtime),
      authenticate,
    })
    opened.add(() => listening.close(server.drain))
    const { port } = listening
    url = httpAddress(host, port)
    if (tunnelSettings !== undefined) {
      tunnel = await startTunnel({ settings: tunnelSettings, env: options.env, router, setup, maxBody, report })
      opened.add(tunnel.close)
    }
    runtime.batches.start()
    announce({ url, token, pid: process.pid, version: options.appVersion }, options)
    opened.add(() => removeDaemonFile(runtime.db, token))
    return { url, port, runtime, tunnel, stopped: opened.closed, status: api.status, reload, stop: opened.close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Lets other commands find the daemon. A full disk must not stop it from serving. */
function announce(daemon: Parameters<typeof writeDaemonFile>[1], { db, onError }: DaemonOptions): void {
  try {
    writeDaemonFile(db, daemon)
  } catch (cause) {
    const message = `other commands will not find this daemon: ${(cause as Error).message}`
    onError?.(new Fault('E_UNAVAILABLE', message, { hint: 'Give a ledger on another disk with --db.', cause }), null)
  }
}

/** What was opened is closed in reverse order, once. */
function createClosers(report: (error: unknown) => void) {
  const closers: (() => unknown)[] = []
  let closing: Promise<void> | null = null
  let finish: () => void = () => {}
  const closed = new Promise<void>((resolve) => {
    finish = resolve
  })
  return {
    closed,
    add: (close: () => unknown) => void closers.push(close),
    close: () => {
      closing ??= closeAll(closers.reverse()).catch(report).then(finish)
      return closing
    },
  }
}
