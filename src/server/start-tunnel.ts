import { type ChildProcess, spawn } from 'node:child_process'
import { providers } from '../catalog/index.js'
import { type LoadedConfig, needSecret } from '../config/index.js'
import { Fault } from '../kit/index.js'
import type { Router, Setup } from '../route/index.js'
import { createWindow } from '../upstream/index.js'
import { sameSecret } from './check-access.js'
import { startServer } from './start-server.js'

/** A second listener, for callers from outside (Cursor's servers): inference routes only, with its own token. */
export interface Tunnel {
  /** Where the tunnel's program finds it, on loopback. */
  readonly port: number
  /** The public address, once the program has printed one. */
  url(): string | null
  close(): Promise<void>
}

interface TunnelOptions {
  readonly settings: NonNullable<LoadedConfig['config']['tunnel']>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly router: Router
  readonly setup: () => Setup
  readonly maxBody: number
  readonly report: (error: unknown) => void
}

/** Requests a minute that may come through; a leaked token must not empty an account over night. */
const PER_MINUTE = 120
const BY_HAND = 'Run it by hand to see why, then start `llmroute serve` again.'
/** Shorter tokens could be guessed from outside. */
const LEAST_TOKEN = 16
const KEY_NAME = 'tunnel'

/** Throws E_CONFIG for a token that is missing or too short. */
export async function startTunnel(options: TunnelOptions): Promise<Tunnel> {
  const { settings, env, router, setup } = options
  const token = await needSecret(settings.token, 'tunnel.token', env)
  if (token.length < LEAST_TOKEN) {
    throw new Fault('E_CONFIG', `tunnel.token must have at least ${LEAST_TOKEN} characters`, {
      hint: 'Make one with `openssl rand -hex 24`.',
    })
  }
  const window = createWindow()
  const server = await startServer({
    router,
    setup,
    port: 0,
    host: '127.0.0.1',
    maxBody: options.maxBody,
    // The program may pass on any public name; the token is what protects.
    allowedHosts: settings.hostname === undefined ? 'any' : [settings.hostname],
    authenticate(credential) {
      if (credential === null || !sameSecret(credential, token)) {
        return new Fault('E_AUTH', 'the token of the tunnel is missing or wrong', {
          hint: 'Send the one that `llmroute connect cursor` shows as the API key.',
          final: true,
        })
      }
      const now = Date.now()
      if (window.left(PER_MINUTE, now) <= 0)
        return new Fault('E_RATE_LIMIT', `more than ${PER_MINUTE} requests a minute through the tunnel`, {
          hint: 'Wait a moment.',
          retryAfterMs: 10_000,
        })
      window.add(1, now)
      return { name: KEY_NAME, tier: null, profile: null }
    },
  })
  let url = settings.hostname === undefined ? null : `https://${settings.hostname}`
  const program = run(settings.command, server.port, env, (text) => {
    url ??= publicAddress(text)
  })
  let closing = false
  program.on('error', (cause) =>
    options.report(new Fault('E_CONFIG', `the tunnel's program could not be started: ${cause.message}`, { hint: BY_HAND, cause })),
  )
  program.on('exit', (code) => {
    if (!closing) options.report(new Fault('E_UNAVAILABLE', `the tunnel's program ended with code ${code}`, { hint: BY_HAND }))
  })
  return {
    port: server.port,
    url: () => url,
    async close() {
      closing = true
      program.kill()
      await server.close()
    },
  }
}

/** The makers' own pages are in what their programs print, too. */
const MAKERS = /^https:\/\/(?:[\w-]+\.)*(?:cloudflare|ngrok|tailscale)\.com$/

function publicAddress(text: string): string | null {
  return text.match(/https:\/\/[\w.-]+\.[a-z]{2,}/g)?.find((address) => !MAKERS.test(address)) ?? null
}

function run(
  command: readonly string[],
  port: number,
  env: Readonly<Record<string, string | undefined>>,
  onText: (text: string) => void,
): ChildProcess {
  const [program = '', ...args] = command.map((part) => part.replaceAll('{port}', String(port)))
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: withoutProviderKeys(env), windowsHide: true })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => onText(chunk.toString()))
  return child
}

const PROVIDER_KEYS: ReadonlySet<string> = new Set(Object.values(providers).flatMap((provider) => provider.env))

/** A tunnel's program has no business with the keys of providers; its own token stays. */
function withoutProviderKeys(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PROVIDER_KEYS.has(name)))
}
