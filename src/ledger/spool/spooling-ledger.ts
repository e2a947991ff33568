import { asFault } from '../../kit/index.js'
import { loadNative } from '../database/native.js'
import { explainSqliteError, isDamage, isDown } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import type { LedgerWriter } from '../types.js'
import { openAttachment } from './attachment.js'
import { openBacklog } from './backlog.js'
import { createRecovery, type LedgerState } from './recovery.js'
import type { SpoolRecord } from './spool-record.js'

/** A ledger that accepts every record, whatever happens to the file: what it cannot write now it keeps and writes later. */
export interface SpoolingLedger extends LedgerWriter {
  state(): LedgerState
  /** The ledger itself; null while it is not open. */
  current(): Ledger | null
  /** Reports an error from reading the ledger; one that means damage takes the file out of use. */
  suspect(error: unknown): void
  flush(): Promise<void>
  close(): Promise<void>
}

interface SpoolingOptions {
  readonly path: string
  readonly open: () => Promise<Ledger>
  /** Called when spooling begins or ends; `loaded` is the number of records that were written back. */
  readonly onState?: (state: LedgerState, loaded: number) => void
  /** Called with each newly opened ledger, after an earlier process's records were loaded: start the run and mark interrupted calls here. */
  readonly onOpen?: (ledger: Ledger) => void
  readonly redact?: (json: string) => string
  readonly now?: () => number
  /** Milliseconds between attempts to return to the ledger. Default 2000. */
  readonly retryMs?: number
  /** Milliseconds between two reads of the whole file, in another thread: SQLite notices damage only where it reads. Default an hour. */
  readonly checkMs?: number
}

const CHECK_MS = 3_600_000

/** Never throws because of the file's state: when it cannot be opened, records are spooled from the start. */
export async function openSpoolingLedger(options: SpoolingOptions): Promise<SpoolingLedger> {
  const { path, retryMs = 2000, checkMs = CHECK_MS, now = Date.now, redact = (json) => json } = options
  const onState = (state: LedgerState, loaded: number) => options.onState?.(state, loaded)
  const native = await loadNative()
  const backlog = openBacklog(native, path, redact)
  const attachment = openAttachment(native, { path, open: options.open, onOpen: (opened) => options.onOpen?.(opened), now, checkMs })
  const recovery = createRecovery({ path, attachment, backlog, retryMs, onState })

  async function write<T>(record: SpoolRecord, work: (to: Ledger) => Promise<T>, otherwise: T): Promise<T> {
    for (let loading = recovery.loading(); loading !== null; loading = recovery.loading()) await loading
    const ledger = recovery.writable()
    if (ledger !== null) {
      try {
        return await work(ledger)
      } catch (error) {
        if (!isDown(error)) throw error
        recovery.fail(error)
      }
    }
    keep(record)
    return otherwise
  }

  function keep(record: SpoolRecord): void {
    const { lost } = backlog.counts()
    try {
      backlog.keep(record)
    } catch (error) {
      // The ledger's own fault says more than that of its stand-in.
      const state = recovery.state()
      recovery.fail(state.kind === 'spooling' ? state.fault : error)
    }
    if (backlog.counts().lost > lost) onState(recovery.state(), 0)
  }

  await recovery.comeBack().catch(async (error: unknown) => {
    await attachment.detach()
    recovery.fail(error)
  })

  const watching = setInterval(async () => {
    const found = await attachment.look()
    if (found !== null) await recovery.leave(found)
  }, retryMs).unref()

  return {
    state: recovery.state,
    current: attachment.current,
    open: (call) => write({ op: 'open', call }, (to) => to.open(call), 0),
    settle: (call) => write({ op: 'settle', call }, (to) => to.settle(call), 0),
    attempt: (id, attempt) => write({ op: 'attempt', id, attempt }, (to) => to.attempt(id, attempt), undefined),
    outcome: (row) => write({ op: 'outcome', row }, (to) => to.outcome(row), undefined),
    remember: (kind, hash, json) => write({ op: 'remember', kind, hash, json }, (to) => to.remember(kind, hash, json), undefined),
    bodies(id, request, reply) {
      const ledger = recovery.writable()
      if (ledger !== null) ledger.bodies(id, request, reply)
      else keep({ op: 'bodies', id, request, reply })
    },
    suspect(error) {
      const why = asFault(explainSqliteError(error, path))
      if (attachment.current() !== null && isDamage(why)) void recovery.leave(why)
    },
    async flush() {
      if (recovery.state().kind === 'spooling') await recovery.comeBack().catch(recovery.fail)
      await attachment.current()?.flush()
    },
    async close() {
      clearInterval(watching)
      await recovery.stop()
      backlog.leave()
      await attachment.close()
    },
  }
}
