import type { Dispatcher } from 'undici'

export interface DispatcherOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connectMs: number
}

/** Servers that close earlier say so in `keep-alive: timeout=…`, which undici honours. */
const KEEP_ALIVE_MS = 30_000

/**
 * Connection pools, one per origin. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured in either case; loopback never goes through a proxy.
 * Node reads NODE_EXTRA_CA_CERTS itself at start.
 */
export async function openDispatcher({ env, connectMs }: DispatcherOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent, Pool } = await import('undici')
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1, connect: { timeout: connectMs } }
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY
  if (!httpProxy && !httpsProxy) return new Agent({ ...options, factory: (origin, pool) => new Pool(origin, pool) })
  const noProxy = [env.no_proxy ?? env.NO_PROXY, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',')
  return new EnvHttpProxyAgent({ ...options, noProxy, ...(httpProxy ? { httpProxy } : {}), ...(httpsProxy ? { httpsProxy } : {}) })
}
