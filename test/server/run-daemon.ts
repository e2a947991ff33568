import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadedConfig, loadConfig } from '../../src/config/index.js'
import type { CallDetail, Ledger } from '../../src/ledger/index.js'
import { type Daemon, startDaemon } from '../../src/server/index.js'

export interface TestDaemon extends Daemon {
  readonly folder: string
  readonly ledger: Ledger
  readonly errors: unknown[]
  /** Posts a chat completion, or another body to another path. */
  post(body: unknown, options?: PostOptions): Promise<Response>
  /** The newest call, once it is settled. */
  lastCall(): Promise<CallDetail>
  call(id: string | null): CallDetail
  /** Stops it and starts another on the same ledger and configuration. */
  restart(): Promise<void>
  end(): Promise<void>
}

export interface PostOptions {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A real daemon on a free port with a ledger of its own. `config` is what a configuration file would say. */
export async function runDaemon(config: Readonly<Record<string, unknown>>, port = 0, host = '127.0.0.1'): Promise<TestDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-test-'))
  const errors: unknown[] = []
  const env = { HOME: folder, LLMROUTE_CONFIG_DIR: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, PATH: process.env.PATH }
  const again = (): Promise<LoadedConfig> => loadConfig({ cwd: folder, env, overrides: config })
  const start = async (): Promise<Daemon> =>
    startDaemon(await again(), {
      db: join(folder, 'ledger.db'),
      env,
      appVersion: '0.0.0-test',
      host,
      port,
      again,
      onError: (error) => errors.push(error),
    })
  let daemon = await start()
  const ledger = (): Ledger => {
    const open = daemon.runtime.ledger()
    if (open === null) throw new Error('no ledger')
    return open
  }
  const call = (id: string | null): CallDetail => {
    const found = id === null ? null : ledger().getCall(id)
    if (found === null) throw new Error(`no call ${id}`)
    return found
  }
  return {
    folder,
    errors,
    get url() {
      return daemon.url
    },
    get port() {
      return daemon.port
    },
    get runtime() {
      return daemon.runtime
    },
    get tunnel() {
      return daemon.tunnel
    },
    get stopped() {
      return daemon.stopped
    },
    get ledger() {
      return ledger()
    },
    status: () => daemon.status(),
    reload: () => daemon.reload(),
    stop: () => daemon.stop(),
    post: (body, { path = '/v1/chat/completions', headers = {}, signal } = {}) =>
      fetch(`${daemon.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
    call,
    async lastCall() {
      for (let i = 0; i < 500; i++) {
        const [row] = ledger().listCalls({ limit: 1 })
        if (row !== undefined && row.status !== 'running') return call(row.id)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the last call was not settled')
    },
    async restart() {
      await daemon.stop()
      daemon = await start()
    },
    async end() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Two providers of openai-chat, the first one the better and cheaper, so that it is chosen. */
export function twoProviders(first: string, second: string, profile: Readonly<Record<string, unknown>> = {}) {
  return {
    providers: { one: { baseURL: `${first}/v1`, apiKey: 'sk-one' }, two: { baseURL: `${second}/v1`, apiKey: 'sk-two' } },
    models: [
      { id: 'one/a', name: 'model-a', price: { input: 1, output: 4 }, quality: 0.9 },
      { id: 'two/b', name: 'model-b', price: { input: 2, output: 8 }, quality: 0.88 },
    ],
    default: 'test',
    profiles: { test: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0, ...profile } },
  }
}

export const HELLO = { model: 'auto', messages: [{ role: 'user', content: 'Hello there' }] }
