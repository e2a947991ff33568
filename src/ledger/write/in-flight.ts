import { forgetOldest } from '../../kit/index.js'
import type { Dimensions } from './rollups.js'

/** What settling a call needs of the row that opened it; no model before it has ended. */
export interface OpenRow extends Dimensions {
  readonly seq: number
  readonly seqSettled: number | null
}

export interface OpenedHere extends OpenRow {
  /** Whether budgets hold something for the call. */
  readonly reserved: boolean
}

export interface Remembered {
  readonly row: OpenedHere
  /** Attempts were written before the call ended. */
  tried: boolean
  ended: boolean
}

/** Calls remembered; more in flight at once are looked up. */
const REMEMBERED = 4096

/** The calls this process opened recently, so that what it just wrote need not be read back. */
export function openInFlight() {
  const calls = new Map<string, Remembered>()
  return {
    opened(id: string, row: OpenedHere) {
      calls.set(id, { row, tried: false, ended: false })
      forgetOldest(calls, REMEMBERED)
    },
    /** Null for a call that another process opened, that has ended, or that is too long ago. */
    open(id: string): Readonly<Remembered> | null {
      const call = calls.get(id)
      return call === undefined || call.ended ? null : call
    },
    tried(id: string) {
      const call = calls.get(id)
      if (call !== undefined) call.tried = true
    },
    ended(id: string) {
      const call = calls.get(id)
      if (call !== undefined) call.ended = true
    },
    /** Number of a call's row, ended or not; null when it must be looked up. */
    seq: (id: string) => calls.get(id)?.row.seq ?? null,
    /** Forgets what a rolled-back transaction may have added, or what was deleted. */
    forget: () => calls.clear(),
  }
}
