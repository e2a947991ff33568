import { randomUUID } from 'node:crypto'
import { type Clock, digest as plainDigest, redactSecrets } from '../kit/index.js'
import { type LedgerState, openLedger, openSpoolingLedger, type SpoolingLedger } from '../ledger/index.js'
import { ENGINE } from '../policy/index.js'

/** What rows refer to by hash. */
type Referred = readonly [kind: 'policy' | 'model_rev', hash: string, json: string]

/** The ledger of a daemon that keeps serving whatever happens to the file. */
export interface Records {
  readonly writer: SpoolingLedger
  /** Ids of calls that an earlier process left open. */
  readonly interrupted: readonly string[]
  /** Digests that only this ledger can make; without it they are made with a key of this process. */
  keyed(digest: string): string
  /** Keeps what rows from now on refer to, also in a ledger begun in the place of a lost one. */
  refer(to: readonly Referred[]): Promise<void>
}

interface RecordsOptions {
  readonly path: string
  readonly bodies: 'all' | 'none'
  readonly appVersion: string
  readonly clock: Clock
  readonly report: (error: unknown) => void
  /** Called when something recovers. */
  readonly onNote?: ((text: string) => void) | undefined
}

/** A ledger that another process holds for longer is written to later: calls end only once their row is kept somewhere. */
const LOCKED_MS = 1_000

const processKey = randomUUID()

/** Throws E_LEDGER for a problem that waiting does not fix, such as a file of a newer version. */
export async function openRecords({ path, bodies, appVersion, clock, report, onNote }: RecordsOptions): Promise<Records> {
  const interrupted: string[] = []
  let opened = false
  let referredTo: readonly Referred[] = []
  const writer = await openSpoolingLedger({
    path,
    redact: redactSecrets,
    open: () => openLedger(path, { bodies, redact: redactSecrets, lockedMs: LOCKED_MS, onError: report }),
    onOpen(ledger) {
      // Opened again, it holds this process's own calls as open, whose ends are still to come.
      if (!opened) interrupted.push(...ledger.markInterrupted(clock.now()))
      opened = true
      ledger.startRun({ appVersion, engine: ENGINE, startedAt: clock.now() })
      for (const [kind, hash, json] of referredTo) ledger.remember(kind, hash, json).catch(report)
    },
    onState(state, loaded) {
      if (state.kind === 'spooling') report(state.fault)
      else onNote?.(`the ledger is back; ${loaded} records that waited were written to it`)
    },
  })
  const state = writer.state()
  if (state.kind === 'spooling' && state.fault.final) {
    await writer.close()
    throw state.fault
  }
  return {
    writer,
    interrupted,
    keyed: (digest) => writer.current()?.keyed(digest) ?? plainDigest(`${processKey}${digest}`),
    async refer(to) {
      referredTo = to
      await Promise.all(to.map(([kind, hash, json]) => writer.remember(kind, hash, json)))
    },
  }
}

/** What keeps records from the ledger, and where they wait meanwhile; null when nothing does. */
export function ledgerFault(state: LedgerState): string | null {
  if (state.kind === 'ledger') return null
  const where = state.path === null ? 'memory' : state.path
  return `${state.fault.message}; ${state.waiting} records wait in ${where}${state.lost === 0 ? '' : `, ${state.lost} are lost`}`
}
