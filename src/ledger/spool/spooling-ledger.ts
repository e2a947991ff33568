import { rmSync } from 'node:fs'
import { asFault, type Fault } from '../../kit/index.js'
import { isBusy } from '../commit-queue.js'
import type { Ledger } from '../ledger.js'
import { loadNative } from '../native.js'
import { explain, isDamage } from '../open-database.js'
import type { LedgerWriter, StoredMessage } from '../types.js'
import { openBacklog } from './backlog.js'
import { type Gate, openGate } from './gate.js'
import { isDown } from './is-down.js'
import { loadSpool } from './load-spool.js'
import { openDistrust, reopen } from './reopen.js'
import { abandonedSpools } from './spool-file.js'
import { clearAway } from './spool-folders.js'
import type { SpoolRecord } from './spool-record.js'
import { type LedgerWatch, watchLedger } from './watch-ledger.js'

/** Where records go at the moment. */
export type LedgerState =
  | { readonly kind: 'ledger' }
  /** To a sidecar file, beside the ledger or on another disk, or to memory where neither can be written. `lost` counts records that found no room anywhere. */
  | { readonly kind: 'spooling'; readonly fault: Fault; readonly path: string | null; readonly waiting: number; readonly lost: number }

/** A ledger that takes every record, whatever happens to the file: what it cannot write now it keeps and writes later. */
export interface SpoolingLedger extends LedgerWriter {
  state(): LedgerState
  /** The ledger itself; null until it could be opened. */
  current(): Ledger | null
  /** Told of an error that reading the ledger met: one that means damage ends its use. */
  suspect(error: unknown): void
  flush(): Promise<void>
  close(): Promise<void>
}

export interface SpoolingOptions {
  readonly path: string
  readonly open: () => Promise<Ledger>
  /** Told whenever records begin or cease to go elsewhere, and how many came back. */
  readonly onState?: (state: LedgerState, loaded: number) => void
  /** Told of each newly opened ledger, after what an earlier process left was loaded: start the run and mark what was interrupted here. */
  readonly onOpen?: (ledger: Ledger) => void
  readonly redact?: (json: string) => string
  readonly now?: () => number
  /** Milliseconds between attempts to come back. Default 2000. */
  readonly retryMs?: number
  /** Milliseconds between two times that the whole file is read, in another thread: SQLite meets damage only where it reads. Default an hour. */
  readonly checkMs?: number
}

/** With fewer bytes left to load, new records wait for a moment; else a busy proxy would stay ahead of the load for ever. */
const NEARLY_DONE = 256 * 1024
/** Messages whose text is in the file already; beyond it some are written twice. */
const MOST_SPOOLED_MESSAGES = 100_000
const CHECK_MS = 3_600_000
const FIRST_CHECK_MS = 60_000

/** Never throws for the state of the file: a ledger that cannot be opened is spooled for from the start. */
export async function openSpoolingLedger(options: SpoolingOptions): Promise<SpoolingLedger> {
  const { path, retryMs = 2000, checkMs = CHECK_MS, now = Date.now } = options
  const native = await loadNative()
  const backlog = openBacklog(native, path)
  let ledger: Ledger | null = null
  let fault: Fault | null = null
  let timer: NodeJS.Timeout | null = null
  let closed = false
  let returning: Promise<void> | null = null
  let gate: Gate | null = null
  let watch: LedgerWatch | null = null
  const distrust = openDistrust(path)
  const spooledMessages = new Set<string>()

  function state(): LedgerState {
    return fault === null ? { kind: 'ledger' } : { kind: 'spooling', fault, ...backlog.counts() }
  }

  function fail(error: unknown): void {
    const first = fault === null
    fault = asFault(explain(error, path))
    if (first) options.onState?.(state(), 0)
    if (!closed) timer ??= setTimeout(retry, retryMs).unref()
  }

  async function write<T>(record: SpoolRecord, work: (to: Ledger) => Promise<T>, otherwise: T): Promise<T> {
    while (gate !== null) await gate.opened
    if (fault === null && ledger !== null) {
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
      // What is wrong with the ledger is better said than what is wrong with its stand-in.
      fail(fault ?? error)
    }
    if (backlog.counts().lost > lost) options.onState?.(state(), 0)
  }

  async function retry(): Promise<void> {
    timer = null
    const before = backlog.counts().waiting
    try {
      if (ledger !== null && fault !== null && isDamage(fault)) await leave(fault)
      await comeBack()
      options.onState?.(state(), before)
    } catch (error) {
      // One that another process holds is as good as before once it lets go.
      if (!isBusy(asFault(error).cause)) await abandon()
      fail(error)
    }
  }

  async function look(): Promise<void> {
    const watched = ledger
    const found = await watch?.look().catch(() => null)
    if (found != null && ledger === watched) await leave(found)
  }

  async function leave(why: Fault): Promise<void> {
    await abandon()
    if (isDamage(why)) distrust.begin()
    fail(why)
  }

  function comeBack(): Promise<void> {
    returning ??= returnToLedger().finally(() => {
      returning = null
    })
    return returning
  }

  /** Opens the ledger if need be, loads what waits and, with nothing left, goes back to it in the same turn. */
  async function returnToLedger(): Promise<void> {
    if (ledger === null) {
      if (fault !== null && distrust.holds()) throw fault
      const opened = await reopen(path, options.open, distrust)
      ledger = opened
      watch = watchLedger(opened, { firstMs: Math.min(FIRST_CHECK_MS, checkMs), everyMs: checkMs })
      for (const left of abandonedSpools(native, path)) await loadAbandoned(opened, left)
      options.onOpen?.(opened)
    }
    // Nobody waits for the first part: it shows whether the ledger takes anything at all.
    let takes = false
    try {
      await backlog.load(ledger, () => {
        if (takes && backlog.behind() < NEARLY_DONE) gate ??= openGate()
        takes = true
      })
    } finally {
      gate?.release()
      gate = null
    }
    backlog.clear()
    fault = null
    spooledMessages.clear()
  }

  async function loadAbandoned(target: Ledger, left: string): Promise<void> {
    const { unsettled } = await loadSpool(target, left, 0)
    target.interrupt([...unsettled], now())
    rmSync(left, { force: true })
    clearAway(path)
  }

  async function abandon(): Promise<void> {
    const broken = ledger
    ledger = null
    watch = null
    await broken?.close().catch(() => undefined)
  }

  const messageOnce = (m: StoredMessage): StoredMessage => {
    if (spooledMessages.has(m.digest)) return { digest: m.digest, json: '' }
    if (spooledMessages.size >= MOST_SPOOLED_MESSAGES) spooledMessages.clear()
    spooledMessages.add(m.digest)
    return { digest: m.digest, json: options.redact?.(m.json) ?? m.json }
  }

  await comeBack().catch(async (error: unknown) => {
    await abandon()
    fail(error)
  })

  const watching = setInterval(() => void look(), retryMs).unref()

  return {
    state,
    current: () => ledger,
    open: (call) => write({ op: 'open', call }, (to) => to.open(call), 0),
    settle: (call) => write({ op: 'settle', call }, (to) => to.settle(call), 0),
    attempt: (id, attempt) => write({ op: 'attempt', id, attempt }, (to) => to.attempt(id, attempt), undefined),
    outcome: (row) => write({ op: 'outcome', row }, (to) => to.outcome(row), undefined),
    remember: (kind, hash, json) => write({ op: 'remember', kind, hash, json }, (to) => to.remember(kind, hash, json), undefined),
    bodies(id, request, reply) {
      if (fault === null && ledger !== null) return ledger.bodies(id, request, reply)
      keep({ op: 'bodies', id, request: request.map(messageOnce), reply: reply === null ? null : (options.redact?.(reply) ?? reply) })
    },
    suspect(error) {
      const why = asFault(explain(error, path))
      if (ledger !== null && isDamage(why)) void leave(why)
    },
    async flush() {
      if (fault !== null) await comeBack().catch(fail)
      await ledger?.flush()
    },
    async close() {
      closed = true
      clearInterval(watching)
      if (timer !== null) clearTimeout(timer)
      if (fault !== null) await comeBack().catch(() => undefined)
      backlog.leave()
      await ledger?.close()
    },
  }
}
