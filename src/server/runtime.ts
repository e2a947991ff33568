import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { type BatchRunner, createBatchRunner } from '../batch/index.js'
import { hashModelRev } from '../catalog/index.js'
import { SHIPPED_EXAMPLES } from '../classify/index.js'
import { type LoadedConfig, type Pool, resolvePolicies, resolvePool, sandboxSettings } from '../config/index.js'
import { type Clock, Fault, stableJson, systemClock } from '../kit/index.js'
import { readHome } from '../learn/index.js'
import type { Ledger, LedgerState } from '../ledger/index.js'
import { emptyState, endogenousOf, fold } from '../policy/index.js'
import { createRouter, holdMoney, type Router, type RouterPorts, type SettledCall, type Setup } from '../route/index.js'
import { createHealthBoard, createHttpUpstream, createSandbox, type Dispatch, type HealthBoard } from '../upstream/index.js'
import { createVerifier, type Verifier } from '../verify/index.js'
import { createAdvisor } from './advise/create-advisor.js'
import { embedAsCall } from './advise/embed-as-call.js'
import { batchPorts } from './batch-ports.js'
import { keepHouse } from './keep-house.js'
import { learnedOutlook, type Outlook } from './learned-outlook.js'
import { openRecords } from './open-records.js'
import { resolveSetup } from './resolve-setup.js'
import { restoreState } from './restore-state.js'
import { warmUp } from './warm-up.js'

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
  /** Uniform numbers in [0, 1) for exploration and shadows; Math.random unless given. */
  readonly random?: () => number
  readonly onSettled?: (settled: SettledCall) => void
  readonly onError?: (error: unknown, call: string | null) => void
  /** Told of what became good again. */
  readonly onNote?: (text: string) => void
}

/** Everything that serves calls, in one process: the router with its ports filled. */
export interface Runtime {
  readonly router: Router
  /** Path of the ledger. */
  readonly db: string
  /** The open ledger, for reading; null while it cannot be opened. */
  readonly ledger: () => Ledger | null
  /** Where records go at the moment. */
  readonly ledgerState: () => LedgerState
  readonly health: HealthBoard
  readonly outlook: Outlook
  readonly setup: () => Setup
  readonly pool: () => Pool
  readonly loaded: () => LoadedConfig
  /** Ids of calls that an earlier process left open. */
  readonly interrupted: readonly string[]
  /** Takes a new configuration for calls from now on. Throws E_CONFIG, changing nothing, when it cannot be used. */
  reload(loaded: LoadedConfig): Promise<void>
  /** Works on the ledger's jobs once started. */
  readonly batches: BatchRunner
  /** Asks logged calls again, to check a simulation. */
  readonly verifier: Verifier
  /** Has what the first call needs ready; optional. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

export async function buildRuntime(first: LoadedConfig, options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock
  const report = options.onError ?? (() => {})
  const { writer, interrupted, keyed, refer } = await openRecords({
    path: options.db,
    bodies: first.config.ledger.bodies,
    appVersion: options.appVersion,
    clock,
    report: (error) => report(error, null),
    onNote: options.onNote,
  })
  let now = await resolve(first, options.pool)
  const health = createHealthBoard((model) => now.setup.byId.get(model)?.rev.limits ?? null)
  const outlook = learnedOutlook(health)
  const atStart = writer.current()
  const restored = atStart === null ? null : await restoreState(atStart, outlook)
  let state = restored?.state ?? emptyState()
  if (restored !== null && restored.skipped > 0) {
    report(
      new Fault('E_LEDGER', `${restored.skipped} events of the ledger could not be read`, { hint: 'Run `llmroute ledger verify`.' }),
      null,
    )
  }
  const housekeeping = keepHouse(
    () => writer.current(),
    () => now.loaded.config.ledger,
    (error) => {
      writer.suspect(error)
      report(error, null)
    },
  )
  const http = createHttpUpstream({ env: options.env, connectMs: CONNECT_MS }, clock)
  let sandbox = openSandbox(now.loaded, now.pool, clock)

  const ports: RouterPorts = {
    clock,
    ledger: writer,
    dispatch: (rev) => options.dispatch ?? (rev.simulated ? sandbox : http.dispatch),
    health,
    state: holdMoney({
      read: (query) => endogenousOf(state, query),
      fold(event) {
        state = fold(state, event)
      },
    }),
    outlook,
    setup: () => now.setup,
    random: options.random ?? Math.random,
    advise: (understood, onGone, hold) => now.advise?.(understood, onGone, hold) ?? null,
    shadowSpent(profile, since) {
      const rows = writer.current()?.rollups({ by: ['profile'], since }) ?? []
      return rows.find((row) => row.by.profile === profile)?.shadowCostNano ?? 0
    },
    observe: options.onSettled ?? (() => {}),
    report,
  }

  async function resolve(loaded: LoadedConfig, given?: Pool) {
    const pool = given ?? (await resolvePool(loaded, options.env))
    const chat = pool.models.filter((rev) => rev.kind === 'chat').map((rev) => rev.id)
    const { embeddings, examples } = loaded.config.classifier
    const home = readHome(loaded.folder, examples ?? embeddings?.examples, (error) => report(error, null))
    const policies = resolvePolicies(loaded.config, chat)
    const setup = resolveSetup({
      loaded,
      pool,
      policies,
      keyed,
      classifier: home.classifier,
      examples: embeddings === undefined ? home.library : null,
    })
    const advise = createAdvisor({
      settings: loaded.config.classifier,
      models: setup.byId,
      examples: [...home.own, ...SHIPPED_EXAMPLES],
      ledger: () => writer.current(),
      // With circuits of its own: a model too slow to classify may still serve.
      ports: { clock, dispatch: (rev) => ports.dispatch(rev), health: createHealthBoard(() => null) },
      embed: embedAsCall(() => router, clock),
    })
    await refer([
      ...[...setup.byId.values()].map(({ rev, hash }) => ['model_rev', hash, stableJson(rev)] as const),
      ...pool.references.map((rev) => ['model_rev', hashModelRev(rev), stableJson(rev)] as const),
      ...[...setup.profiles.values()].map(({ policy, hash }) => ['policy', hash, stableJson(policy)] as const),
    ])
    return { loaded, pool, setup, advise }
  }

  const router = createRouter(ports)
  async function callsEnded(): Promise<void> {
    for (const until = clock.monotonic() + CLOSING_MS; router.inFlight > 0 && clock.monotonic() < until; ) await sleep(5)
  }
  const batches = createBatchRunner(batchPorts({ ports, writer, busy: () => router.inFlight, config: () => now.loaded.config }))
  return {
    router,
    db: options.db,
    ledger: writer.current,
    ledgerState: writer.state,
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
    async warmUp() {
      if (!now.pool.sandbox) await http.open()
      await warmUp(router)
    },
    batches,
    verifier: createVerifier({ ports, ledger: writer.current }),
    async close() {
      await batches.stop()
      housekeeping.stop()
      // What was cut just now is still being written down.
      await callsEnded()
      await http.close()
      await callsEnded()
      await nextTurn()
      await writer.close()
    },
  }
}

/** Longest wait for calls that were cut when the daemon stopped. */
const CLOSING_MS = 2_000

/** Ceiling of the socket's own connect timeout; a profile's shorter one is kept by the attempt. */
const CONNECT_MS = 30_000

function openSandbox(loaded: LoadedConfig, pool: Pool, clock: Clock): Dispatch {
  const { seed, errorRate } = sandboxSettings(loaded.config)
  return createSandbox({ models: pool.models.filter((rev) => rev.simulated), seed, errorRate, clock })
}
