import { Fault } from '../../kit/index.js'
import { damagedFault } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import { watchFile } from './watch-file.js'

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
