import { rmSync } from 'node:fs'
import { asFault, type Fault } from '../../kit/index.js'
import type { OpenNative } from '../database/native.js'
import { damagedFault, isDamage } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import { abandonedSpools } from './spool-file.js'
import { clearAway } from './spool-folders.js'
import { loadSpool } from './spool-record.js'
import { type LedgerWatch, stampOf, watchLedger } from './watch-ledger.js'

interface AttachmentOptions {
  readonly path: string
  readonly open: () => Promise<Ledger>
  readonly onOpen: (ledger: Ledger) => void
  readonly now: () => number
  /** Milliseconds between two reads of the whole file. */
  readonly checkMs: number
}

const FIRST_CHECK_MS = 60_000

/** The ledger for as long as its file is usable: opened when needed, watched while in use, closed when it fails. */
export type Attachment = ReturnType<typeof openAttachment>

export function openAttachment(native: OpenNative, options: AttachmentOptions) {
  const { path, checkMs } = options
  const guard = openDamageGuard(path)
  let ledger: Ledger | null = null
  let watch: LedgerWatch | null = null

  async function loadAbandoned(target: Ledger, spool: string): Promise<void> {
    const { unsettled } = await loadSpool(target, spool, 0)
    target.interrupt([...unsettled], options.now())
    rmSync(spool, { force: true })
    clearAway(path)
  }

  /** For good: the closed ledger stays, and refuses what comes late. Throws when it cannot be closed. */
  async function close(): Promise<void> {
    const watched = watch
    watch = null
    try {
      await ledger?.close()
    } finally {
      watched?.close()
    }
  }

  async function detach(): Promise<void> {
    const closed = close().catch(() => undefined)
    ledger = null
    await closed
  }

  return {
    current: () => ledger,
    /** Opens the ledger unless it is open. `fault` is why it was left; a file that was damaged and has not changed since is left alone. Throws E_LEDGER. */
    async attach(fault: Fault | null): Promise<Ledger> {
      if (ledger !== null) return ledger
      if (fault !== null && guard.blocks()) throw fault
      const opened = await reopen(path, options.open, guard)
      ledger = opened
      watch = watchLedger(opened, { firstMs: Math.min(FIRST_CHECK_MS, checkMs), everyMs: checkMs })
      for (const spool of abandonedSpools(native, path)) await loadAbandoned(opened, spool)
      options.onOpen(opened)
      return opened
    },
    detach,
    close,
    /** As `detach`, for a damaged file: it is not opened again before it has changed or a minute has passed. */
    async detachDamaged() {
      await detach()
      guard.mark()
    },
    /** What the watch finds wrong with the attached file; null when nothing. */
    async look(): Promise<Fault | null> {
      const watched = ledger
      const found = await watch?.look().catch(() => null)
      return ledger === watched ? (found ?? null) : null
    },
  }
}

/** Attempts after which an unchanged file is read again: a minute. */
const PATIENCE = 30

/** Remembers that a file is damaged, so that it is not opened again before it has changed. */
type DamageGuard = ReturnType<typeof openDamageGuard>

function openDamageGuard(path: string) {
  let damaged: { readonly stamp: string | null; patience: number } | null = null
  return {
    /** The file, as it looks now or looked then, is damaged. */
    mark(stamp = stampOf(path)) {
      damaged = { stamp, patience: PATIENCE }
    },
    isMarked: () => damaged !== null,
    /** True while the file is unchanged. Occasionally false anyway: it may have been repaired just before it was looked at. */
    blocks: () => damaged !== null && damaged.stamp !== null && stampOf(path) === damaged.stamp && --damaged.patience > 0,
    clear() {
      damaged = null
    },
  }
}

/** Opens a ledger that accepts writes and, if it was damaged before, is intact. Throws E_LEDGER with nothing left open. */
async function reopen(path: string, open: () => Promise<Ledger>, guard: DamageGuard): Promise<Ledger> {
  const stamp = stampOf(path)
  let opened: Ledger | null = null
  try {
    opened = await open()
    await opened.ready()
    const damage = guard.isMarked() ? await opened.check() : null
    if (damage !== null) throw damagedFault(path, damage)
    guard.clear()
    return opened
  } catch (error) {
    await opened?.close().catch(() => undefined)
    // Opening and closing a database writes to it.
    if (guard.isMarked() || isDamage(asFault(error))) guard.mark(opened === null ? stamp : stampOf(path))
    throw error
  }
}
