import { asFault, type Fault } from '../../kit/index.js'
import { isBusy } from '../commit-queue.js'
import type { Ledger } from '../ledger.js'
import { loadNative } from '../native.js'
import { explainSqliteError, isDamage, isDown } from '../open-database.js'
import type { LedgerWriter, StoredMessage } from '../types.js'
import { openAttachment } from './attachment.js'
import { openBacklog } from './backlog.js'
import type { SpoolRecord } from './spool-record.js'

/** Where records go at the moment. */
export type LedgerState =
  | { readonly kind: 'ledger' }
  /**
   * To a sidecar file, beside the ledger or on another disk, or to memory when neither can be written (`path` is null). `lost` counts records
   * that fitted nowhere.
   */
  | { readonly kind: 'spooling'; readonly fault: Fault; readonly path: string | null; readonly waiting: number; readonly lost: number }

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

export interface SpoolingOptions {
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

/** With fewer bytes than this left to load, new records wait for the load to finish; otherwise a busy proxy would stay ahead of it for ever. */
const NEARLY_DONE = 256 * 1024
/** Messages whose text is known to be in the spool; beyond this number some are written twice. */
const MOST_SPOOLED_MESSAGES = 100_000
const CHECK_MS = 3_600_000

/** Never throws because of the file's state: when it cannot be opened, records are spooled from the start. */
export async function openSpoolingLedger(options: SpoolingOptions): Promise<SpoolingLedger> {
  const { path, retryMs = 2000, checkMs = CHECK_MS, now = Date.now, redact = (json) => json } = options
  const native = await loadNative()
  const backlog = openBacklog(native, path)
  const attachment = openAttachment(native, { path, open: options.open, onOpen: (opened) => options.onOpen?.(opened), now, checkMs })
  const spooled = spooledMessages(redact)
  /** Why records are spooled; null while they go to the ledger. */
  let fault: Fault | null = null
  let timer: NodeJS.Timeout | null = null
  let closed = false
  let returning: Promise<void> | null = null
  /** Holds new records back while the last of the backlog is loaded. */
  let gate: Gate | null = null

  function state(): LedgerState {
    return fault === null ? { kind: 'ledger' } : { kind: 'spooling', fault, ...backlog.counts() }
  }

  /** The ledger while records go to it. */
  function writable(): Ledger | null {
    return fault === null ? attachment.current() : null
  }

  function fail(error: unknown): void {
    const first = fault === null
    fault = asFault(explainSqliteError(error, path))
    if (first) options.onState?.(state(), 0)
    if (!closed) timer ??= setTimeout(retry, retryMs).unref()
  }

  async function write<T>(record: SpoolRecord, work: (to: Ledger) => Promise<T>, otherwise: T): Promise<T> {
    while (gate !== null) await gate.opened
    const ledger = writable()
    if (ledger !== null) {
      try {
        return await work(ledger)
      } catch (error) {
        if (!isDown(error)) throw error
        fail(error)
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
      fail(fault ?? error)
    }
    if (backlog.counts().lost > lost) options.onState?.(state(), 0)
  }

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
      options.onState?.(state(), before)
    } catch (error) {
      // A ledger that another process locks is usable again as soon as the lock is released.
      if (!isBusy(asFault(error).cause)) await attachment.detach()
      fail(error)
    }
  }

  function comeBack(): Promise<void> {
    returning ??= returnToLedger().finally(() => {
      returning = null
    })
    return returning
  }

  /** Opens the ledger if necessary, loads the backlog and, once it is empty, returns to the ledger in the same turn of the event loop. */
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
    spooled.clear()
  }

  await comeBack().catch(async (error: unknown) => {
    await attachment.detach()
    fail(error)
  })

  const watching = setInterval(async () => {
    const found = await attachment.look()
    if (found !== null) await leave(found)
  }, retryMs).unref()

  return {
    state,
    current: attachment.current,
    open: (call) => write({ op: 'open', call }, (to) => to.open(call), 0),
    settle: (call) => write({ op: 'settle', call }, (to) => to.settle(call), 0),
    attempt: (id, attempt) => write({ op: 'attempt', id, attempt }, (to) => to.attempt(id, attempt), undefined),
    outcome: (row) => write({ op: 'outcome', row }, (to) => to.outcome(row), undefined),
    remember: (kind, hash, json) => write({ op: 'remember', kind, hash, json }, (to) => to.remember(kind, hash, json), undefined),
    bodies(id, request, reply) {
      const ledger = writable()
      if (ledger !== null) return ledger.bodies(id, request, reply)
      keep({ op: 'bodies', id, request: request.map(spooled.once), reply: reply === null ? null : redact(reply) })
    },
    suspect(error) {
      const why = asFault(explainSqliteError(error, path))
      if (attachment.current() !== null && isDamage(why)) void leave(why)
    },
    async flush() {
      if (fault !== null) await comeBack().catch(fail)
      await attachment.current()?.flush()
    },
    async close() {
      closed = true
      clearInterval(watching)
      if (timer !== null) clearTimeout(timer)
      if (fault !== null) await comeBack().catch(() => undefined)
      backlog.leave()
      await attachment.close()
    },
  }
}

/** Spools the text of a message only once; later records refer to it by digest. */
function spooledMessages(redact: (json: string) => string) {
  const digests = new Set<string>()
  return {
    once({ digest, json }: StoredMessage): StoredMessage {
      if (digests.has(digest)) return { digest, json: '' }
      if (digests.size >= MOST_SPOOLED_MESSAGES) digests.clear()
      digests.add(digest)
      return { digest, json: redact(json) }
    },
    clear: () => digests.clear(),
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
