import type { Dispatcher } from 'undici'
import { asFault, type Clock, Fault, systemClock } from '../kit/index.js'
import type { Dispatch } from './exchange.js'
import { HttpFlight } from './http-flight.js'

export interface HttpUpstream {
  readonly dispatch: Dispatch
  /** Loads the client ahead of the first request. */
  open(): Promise<void>
  close(): Promise<void>
}

/** Sends requests over HTTP. Connections are opened on the first use, so that a sandbox or a dry run loads no client. */
export function createHttpUpstream(options: DispatcherOptions, clock: Clock = systemClock): HttpUpstream {
  let opening: Promise<Dispatcher> | null = null
  let dispatcher: Dispatcher | null = null

  async function open(): Promise<void> {
    opening ??= openDispatcher(options)
    dispatcher = await opening
  }

  return {
    open,
    dispatch(request) {
      const flight = new HttpFlight(request, clock)
      if (dispatcher !== null) flight.send(dispatcher)
      else
        open()
          .then(() => flight.send(dispatcher!))
          .catch((error: unknown) => flight.cancel(asFault(error)))
      return flight
    },
    async close() {
      await opening?.catch(() => undefined)
      await dispatcher?.destroy()
    },
  }
}

export interface DispatcherOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connectMs: number
}

/** Servers that close earlier say so in `keep-alive: timeout=…`, which undici honours. */
const KEEP_ALIVE_MS = 30_000

/**
 * Connection pools, one per origin. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured in either case; loopback never goes through a proxy.
 * Node reads NODE_EXTRA_CA_CERTS itself at start. Throws E_CONFIG for a proxy that is no URL.
 */
export async function openDispatcher({ env, connectMs }: DispatcherOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici')
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1, connect: { timeout: connectMs } }
  const httpProxy = proxyOf(env, 'HTTP_PROXY')
  const httpsProxy = proxyOf(env, 'HTTPS_PROXY')
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? ''
  if ((httpProxy === null && httpsProxy === null) || noProxy.trim() === '*') return new Agent(options)
  return new EnvHttpProxyAgent({
    ...options,
    noProxy: [noProxy, 'localhost', '127.0.0.1', '[::1]'].join(','),
    ...(httpProxy === null ? {} : { httpProxy }),
    ...(httpsProxy === null ? {} : { httpsProxy }),
  })
}

/** Its scheme may be left out, as for curl, whose `socks5h` leaves the looking up of names to the proxy; undici's `socks5` always does. */
function proxyOf(env: DispatcherOptions['env'], name: 'HTTP_PROXY' | 'HTTPS_PROXY'): string | null {
  const value = env[name.toLowerCase()] ?? env[name]
  if (!value) return null
  const url = value.includes('://') ? value.replace(/^socks5h:/i, 'socks5:') : `http://${value}`
  if (URL.canParse(url) && /^(https?|socks5?):/i.test(url)) return url
  throw new Fault('E_CONFIG', `${name} is not the address of a proxy`, {
    hint: 'Write it as http://HOST:PORT or socks5://HOST:PORT, then start llmroute again.',
  })
}
