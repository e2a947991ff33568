import { hashModelRev } from '../catalog/index.js'
import { type LoadedConfig, type Pool, resolvePolicies, resolvePool, sandboxSettings } from '../config/index.js'
import { type Clock, redactSecrets, stableJson, systemClock } from '../kit/index.js'
import { type Ledger, openLedger } from '../ledger/index.js'
import { ENGINE, endogenousOf, fold } from '../policy/index.js'
import { createRouter, type Router, type RouterPorts, type SettledCall, type Setup } from '../route/index.js'
import { createHealthBoard, createHttpUpstream, createSandbox, type Dispatch, type HealthBoard } from '../upstream/index.js'
import { learnedOutlook, type Outlook } from './learned-outlook.js'
import { resolveSetup } from './resolve-setup.js'
import { restoreState } from './restore-state.js'

export interface RuntimeOptions {
  /** Path of the ledger. */
  readonly db: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly appVersion: string
  /** Already resolved, when the caller has it. */
  readonly pool?: Pool
  readonly clock?: Clock
  /** Takes the place of the network and the sandbox. */
  readonly dispatch?: Dispatch
  readonly onSettled?: (settled: SettledCall) => void
  readonly onError?: (error: unknown, call: string | null) => void
}

/** Everything that serves calls, in one process: the router with its ports filled. */
export interface Runtime {
  readonly router: Router
  readonly ledger: Ledger
  readonly health: HealthBoard
  readonly outlook: Outlook
  readonly setup: () => Setup
  readonly pool: () => Pool
  readonly loaded: () => LoadedConfig
  /** Ids of calls that an earlier process left open. */
  readonly interrupted: readonly string[]
  /** Takes a new configuration for calls from now on. Throws E_CONFIG, changing nothing, when it cannot be used. */
  reload(loaded: LoadedConfig): Promise<void>
  close(): Promise<void>
}

export async function buildRuntime(first: LoadedConfig, options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock
  const report = options.onError ?? (() => {})
  const ledger = await openLedger(options.db, {
    bodies: first.config.ledger.bodies,
    redact: redactSecrets,
    onError: (fault) => report(fault, null),
  })
  const interrupted = ledger.markInterrupted(clock.now())
  ledger.startRun({ appVersion: options.appVersion, engine: ENGINE, startedAt: clock.now() })

  let now = await resolve(first, options.pool)
  const health = createHealthBoard((model) => now.setup.byId.get(model)?.rev.limits ?? null)
  const outlook = learnedOutlook(health)
  let { state } = restoreState(ledger, outlook)
  const http = createHttpUpstream({ env: options.env, connectMs: CONNECT_MS }, clock)
  let sandbox = openSandbox(now.loaded, now.pool, clock)

  const ports: RouterPorts = {
    clock,
    ledger,
    dispatch: (rev) => options.dispatch ?? (rev.simulated ? sandbox : http.dispatch),
    health,
    state: {
      read: (query) => endogenousOf(state, query),
      fold(event) {
        state = fold(state, event)
      },
    },
    outlook,
    setup: () => now.setup,
    random: Math.random,
    observe: options.onSettled ?? (() => {}),
    report,
  }

  async function resolve(loaded: LoadedConfig, given?: Pool) {
    const pool = given ?? (await resolvePool(loaded, options.env))
    const chat = pool.models.filter((rev) => rev.kind === 'chat').map((rev) => rev.id)
    const setup = resolveSetup({ loaded, pool, policies: resolvePolicies(loaded.config, chat), keyed: ledger.keyed })
    await Promise.all([
      ...setup.pool.map(({ rev, hash }) => ledger.remember('model_rev', hash, stableJson(rev))),
      ...pool.references.map((rev) => ledger.remember('model_rev', hashModelRev(rev), stableJson(rev))),
      ...[...setup.profiles.values()].map(({ policy, hash }) => ledger.remember('policy', hash, stableJson(policy))),
    ])
    return { loaded, pool, setup }
  }

  return {
    router: createRouter(ports),
    ledger,
    health,
    outlook,
    setup: () => now.setup,
    pool: () => now.pool,
    loaded: () => now.loaded,
    interrupted,
    async reload(loaded) {
      const next = await resolve(loaded)
      now = next
      sandbox = openSandbox(next.loaded, next.pool, clock)
    },
    async close() {
      await http.close()
      await ledger.close()
    },
  }
}

/** Ceiling of the socket's own connect timeout; a profile's shorter one is kept by the attempt. */
const CONNECT_MS = 30_000

function openSandbox(loaded: LoadedConfig, pool: Pool, clock: Clock): Dispatch {
  const { seed, errorRate } = sandboxSettings(loaded.config)
  return createSandbox({ models: pool.models.filter((rev) => rev.simulated), seed, errorRate, clock })
}
