import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { type BatchRunner, createBatchRunner } from '../batch/index.js'
import { type LoadedConfig, type Pool, profileSettings } from '../config/index.js'
import { type Clock, Fault, systemClock } from '../kit/index.js'
import type { Ledger, LedgerState } from '../ledger/index.js'
import { emptyState, endogenousOf, fold, type State } from '../policy/index.js'
import { createRouter, holdMoney, type Router, type RouterPorts, routerParts, type SettledCall, type Setup } from '../route/index.js'
import { createHealthBoard, createHttpUpstream, type Dispatch, type HealthBoard } from '../upstream/index.js'
import { createVerifier, type Verifier } from '../verify/index.js'
import { embedAsCall } from './advise/embed-as-call.js'
import { configure } from './configure.js'
import { startHousekeeping } from './housekeeping.js'
import { learnedOutlook, type Outlook } from './learned-outlook.js'
import { openRecords } from './open-records.js'
import { restoreState } from './restore-state.js'
import { warmUp } from './warm-up.js'

export interface RuntimeOptions {
  /** Path of the ledger. */
  readonly db: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly appVersion: string
  /** The resolved pool, when the caller has it already. */
  readonly pool?: Pool
  readonly clock?: Clock
  /** Replaces the network and the sandbox. */
  readonly dispatch?: Dispatch
  /** Uniform numbers in [0, 1) for exploration and shadows; Math.random unless given. */
  readonly random?: () => number
  readonly onSettled?: (settled: SettledCall) => void
  readonly onError?: (error: unknown, call: string | null) => void
  /** Called when something recovers. */
  readonly onNote?: (text: string) => void
}

/** Everything that serves calls, in one process: the router and its ports. */
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
  /** Applies a new configuration to later calls. Throws E_CONFIG and changes nothing when it cannot be used. */
  reload(loaded: LoadedConfig): Promise<void>
  /** Runs the ledger's batch jobs once started. */
  readonly batches: BatchRunner
  /** Sends logged calls again, to check a simulation. */
  readonly verifier: Verifier
  /** Prepares what the first call needs; optional. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

export async function buildRuntime(first: LoadedConfig, options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock
  const report = options.onError ?? (() => {})
  const records = await openRecords({
    path: options.db,
    bodies: first.config.ledger.bodies,
    appVersion: options.appVersion,
    clock,
    report: (error) => report(error, null),
    onNote: options.onNote,
  })
  const { writer, interrupted } = records
  const ledger = writer.current
  const http = createHttpUpstream({ env: options.env, connectMs: CONNECT_MS }, clock)
  const dispatch: RouterPorts['dispatch'] = (rev) => options.dispatch ?? (rev.simulated ? now.sandbox : http.dispatch)
  const configureWith = {
    env: options.env,
    clock,
    records,
    ledger,
    dispatch,
    embed: embedAsCall(() => router, clock),
    report: (error: unknown) => report(error, null),
  }
  let now = await configure(first, configureWith, options.pool)
  const health = createHealthBoard((model) => now.setup.byId.get(model)?.rev.limits ?? null)
  const outlook = learnedOutlook(health)
  let state = await restore(ledger(), outlook, configureWith.report)
  const housekeeping = startHousekeeping(
    ledger,
    () => now.loaded.config.ledger,
    (error) => {
      writer.suspect(error)
      report(error, null)
    },
  )

  const ports: RouterPorts = {
    clock,
    ledger: writer,
    dispatch,
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
      const rows = ledger()?.rollups({ by: ['profile'], since }) ?? []
      return rows.find((row) => row.by.profile === profile)?.shadowCostNano ?? 0
    },
    observe: options.onSettled ?? (() => {}),
    report,
  }

  const router = createRouter(ports)
  async function callsEnded(): Promise<void> {
    for (const until = clock.monotonic() + CLOSING_MS; router.inFlight > 0 && clock.monotonic() < until; ) await sleep(5)
  }
  const batches = createBatchRunner({
    // Lines are not conversations: none names an item of another's answer.
    parts: { ...routerParts(ports), items: { remember() {}, recall: () => [] } },
    ledger,
    settings() {
      const { batch, ledger } = now.loaded.config
      return {
        pollMs: batch.poll,
        maxPollMs: batch.poll * MOST_POLL_PAUSES,
        live: batch.live,
        groupLines: batch.lines,
        keepMs: ledger.keep,
        expired: (profile) => profileSettings(now.loaded.config)[profile]?.expired ?? now.loaded.config.batch.expired,
      }
    },
    busy: () => router.inFlight,
  })
  return {
    router,
    db: options.db,
    ledger,
    ledgerState: writer.state,
    health,
    outlook,
    setup: () => now.setup,
    pool: () => now.pool,
    loaded: () => now.loaded,
    interrupted,
    async reload(loaded) {
      now = await configure(loaded, configureWith)
      health.forget()
    },
    async warmUp() {
      if (!now.pool.sandbox) await http.open()
      await warmUp(router)
    },
    batches,
    verifier: createVerifier({ ports, ledger }),
    // Calls that were just cut off are still being recorded.
    close: () => closeAll([batches.stop, housekeeping.stop, callsEnded, http.close, callsEnded, nextTurn, writer.close]),
  }
}

/** Closes one after the other. What fails to close does not keep the rest open; the first such error is thrown at the end. */
export async function closeAll(closers: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = []
  for (const close of closers) {
    try {
      await close()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

/** The longest pause between two polls of a batch, in first pauses. */
const MOST_POLL_PAUSES = 30

/** Longest wait for calls that were cut off when the daemon stopped. */
const CLOSING_MS = 2_000

/** Upper bound of the socket's connect timeout; the attempt enforces a profile's shorter one. */
const CONNECT_MS = 30_000

/** The state that decisions depend on; an empty one while the ledger cannot be opened. */
async function restore(ledger: Ledger | null, outlook: Outlook, report: (error: unknown) => void): Promise<State> {
  if (ledger === null) return emptyState()
  const { state, skipped } = await restoreState(ledger, outlook.learn)
  if (skipped > 0)
    report(new Fault('E_LEDGER', `${skipped} events of the ledger could not be read`, { hint: 'Run `llmroute ledger verify`.' }))
  return state
}
