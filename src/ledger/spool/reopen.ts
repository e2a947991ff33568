import { asFault } from '../../kit/index.js'
import type { Ledger } from '../ledger.js'
import { damagedFault, isDamage } from '../open-database.js'
import { stampOf } from './watch-file.js'

/** Keeps records out of a damaged file until the file has changed. */
export interface Distrust {
  /** The file, as it looks now or looked then, is damaged. */
  begin(stamp?: string | null): void
  isOn(): boolean
  /** True while the file is unchanged. Occasionally false anyway: it may have been repaired just before it was looked at. */
  holds(): boolean
  end(): void
}

/** Attempts after which an unchanged file is read again: a minute. */
const PATIENCE = 30

export function openDistrust(path: string): Distrust {
  let damaged: { readonly stamp: string | null; patience: number } | null = null
  return {
    begin(stamp = stampOf(path)) {
      damaged = { stamp, patience: PATIENCE }
    },
    isOn: () => damaged !== null,
    holds: () => damaged !== null && damaged.stamp !== null && stampOf(path) === damaged.stamp && --damaged.patience > 0,
    end() {
      damaged = null
    },
  }
}

/** Opens a ledger that accepts writes and, if it was damaged before, is intact. Throws E_LEDGER with nothing left open. */
export async function reopen(path: string, open: () => Promise<Ledger>, distrust: Distrust): Promise<Ledger> {
  const stamp = stampOf(path)
  let opened: Ledger | null = null
  try {
    opened = await open()
    await opened.ready()
    const damage = distrust.isOn() ? await opened.check() : null
    if (damage !== null) throw damagedFault(path, damage)
    distrust.end()
    return opened
  } catch (error) {
    await opened?.close().catch(() => undefined)
    // Opening and closing a database writes to it.
    if (distrust.isOn() || isDamage(asFault(error))) distrust.begin(opened === null ? stamp : stampOf(path))
    throw error
  }
}
