import { asFault, type Fault } from '../../kit/index.js'
import { explainSqliteError, isBusy, isDamage } from '../database/sqlite-errors.js'
import type { Attachment } from './attachment.js'
import type { Backlog } from './backlog.js'

/** Where records go at the moment. */
export type LedgerState =
  | { readonly kind: 'ledger' }
  /**
   * To a sidecar file, beside the ledger or on another disk, or to memory when neither can be written (`path` is null). `lost` counts records
   * that fitted nowhere.
   */
  | { readonly kind: 'spooling'; readonly fault: Fault; readonly path: string | null; readonly waiting: number; readonly lost: number }

interface RecoveryOptions {
  readonly path: string
  readonly attachment: Attachment
  readonly backlog: Backlog
  readonly retryMs: number
  readonly onState: (state: LedgerState, loaded: number) => void
}

/** With fewer bytes than this left to load, new records wait for the load to finish; otherwise a busy proxy would stay ahead of it for ever. */
const NEARLY_DONE = 256 * 1024

/** Decides whether records go to the ledger or to the backlog, and brings them back to the ledger once it can be written again. */
export function createRecovery({ path, attachment, backlog, retryMs, onState }: RecoveryOptions) {
  /** Why records are spooled; null while they go to the ledger. */
  let fault: Fault | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let returning: Promise<void> | null = null
  let gate: Gate | null = null

  function state(): LedgerState {
    return fault === null ? { kind: 'ledger' } : { kind: 'spooling', fault, ...backlog.counts() }
  }

  /** From now on records go to the backlog, until a retry succeeds. */
  function fail(error: unknown): void {
    const first = fault === null
    fault = asFault(explainSqliteError(error, path))
    if (first) onState(state(), 0)
    if (!stopped) timer ??= setTimeout(retry, retryMs).unref()
  }

  /** As `fail`, for a file that nothing more should be written to: it is closed. */
  async function leave(why: Fault): Promise<void> {
    await (isDamage(why) ? attachment.detachDamaged() : attachment.detach())
    fail(why)
  }

  async function retry(): Promise<void> {
    timer = null
    const before = backlog.counts().waiting
    try {
      if (attachment.current() !== null && fault !== null && isDamage(fault)) await leave(fault)
      await comeBack()
      onState(state(), before)
    } catch (error) {
      // A ledger that another process locks is usable again as soon as the lock is released.
      if (!isBusy(asFault(error).cause)) await attachment.detach()
      fail(error)
    }
  }

  /** Opens the ledger if necessary, loads the backlog and, once it is empty, returns to the ledger in the same turn of the event loop. */
  function comeBack(): Promise<void> {
    returning ??= returnToLedger().finally(() => {
      returning = null
    })
    return returning
  }

  async function returnToLedger(): Promise<void> {
    const ledger = await attachment.attach(fault)
    // Nobody waits for the first part: it shows whether the ledger accepts writes at all.
    let accepts = false
    try {
      await backlog.load(ledger, () => {
        if (accepts && backlog.behind() < NEARLY_DONE) gate ??= openGate()
        accepts = true
      })
    } finally {
      gate?.release()
      gate = null
    }
    backlog.clear()
    fault = null
  }

  return {
    state,
    fail,
    leave,
    comeBack,
    /** The ledger while records go to it. */
    writable: () => (fault === null ? attachment.current() : null),
    /** Not null while the last of the backlog is loaded: new records wait for it. */
    loading: () => gate?.opened ?? null,
    /** Retries no more; resolves after a last attempt, where records wait. */
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      if (fault !== null) await comeBack().catch(() => undefined)
    },
  }
}

interface Gate {
  readonly opened: Promise<void>
  readonly release: () => void
}

function openGate(): Gate {
  let release = () => {}
  const opened = new Promise<void>((resolve) => {
    release = resolve
  })
  return { opened, release }
}
