import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { Fault } from '../../kit/index.js'
import { damagedFault } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'

/** Looks after a ledger's file while it is in use: SQLite itself meets damage only where it happens to read. */
export type LedgerWatch = ReturnType<typeof watchLedger>

interface WatchOptions {
  /** Milliseconds between two times that the whole file is read. */
  readonly everyMs: number
  /** Milliseconds after the opening, likewise. */
  readonly firstMs: number
}

/** How long a moment is waited for in which nobody writes, milliseconds. */
const BUSY_MS = 60_000

export function watchLedger(ledger: Ledger, options: WatchOptions) {
  const { path } = ledger
  const file = watchFile(path)
  let due = performance.now() + options.firstMs
  let lastSeq = ledger.lastSeq()

  return {
    /** To be called when the ledger is closed, not before. */
    close: file.close,
    /** Why nothing more should be written to it; null while all is well. */
    async look(): Promise<Fault | null> {
      const what = file.look()
      if (what === 'gone') return new Fault('E_LEDGER', `the ledger ${path} was moved or removed while it was in use`, { hint: GONE })
      if (what === 'overwritten') return damagedFault(path, 'it was overwritten or cut short while it was in use')
      const late = performance.now() - due
      if (late < 0) return null
      const seq = ledger.lastSeq()
      const idle = seq === lastSeq
      lastSeq = seq
      if (!idle && late < BUSY_MS) return null
      due = performance.now() + options.everyMs
      const damage = await ledger.check()
      return damage === null ? null : damagedFault(path, damage)
    },
  }
}

const GONE = 'A new one is begun in its place; put the old one back while llmroute is stopped.'

const MAGIC = 'SQLite format 3\0'

interface FileWatch {
  look(): 'gone' | 'overwritten' | null
  /** To be called when the database is no longer open. */
  close(): void
}

const NOTHING: FileWatch = { look: () => null, close: () => {} }

/**
 * Tells when a ledger's file, or its WAL, is no longer what its path names (moved, removed or replaced), or no database any more (overwritten, cut short). What is
 * written then goes where nobody will look. Windows does not let a file go that is in use.
 *
 * The file is opened once, for as long as the database is: by POSIX's rules a process that closes a file loses all its locks on it, SQLite's
 * too. Any program that then opened the ledger and closed it would take it for unused, and would remove the WAL under its writer.
 */
function watchFile(path: string): FileWatch {
  const identity = () => `${identityOf(path)} ${identityOf(`${path}-wal`)}`
  const before = identity()
  if (process.platform === 'win32' || identityOf(path) === null) return NOTHING
  const fd = openSync(path, 'r')
  return {
    look() {
      if (identity() !== before) return 'gone'
      return beginsAsDatabase(fd) ? null : 'overwritten'
    },
    close: () => closeSync(fd),
  }
}

/** Changes whenever a file was replaced or written to; null when there is none. */
export function stampOf(path: string): string | null {
  const stat = statOf(path)
  return stat && `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}`
}

function identityOf(path: string): string | null {
  const stat = statOf(path)
  return stat && `${stat.dev}:${stat.ino}`
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** True also when it cannot be read at the moment: that is another trouble, and said by whoever writes. */
function beginsAsDatabase(fd: number): boolean {
  try {
    const head = Buffer.alloc(MAGIC.length)
    readSync(fd, head, 0, head.length, 0)
    return head.toString('latin1') === MAGIC
  } catch {
    return true
  }
}
