import { asFault } from '../../kit/index.js'
import { damagedFault, isDamage } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import { stampOf } from './watch-file.js'

/** Attempts after which an unchanged file is read again: a minute. */
const PATIENCE = 30

/** Remembers that a file is damaged, so that it is not opened again before it has changed. */
type DamageGuard = ReturnType<typeof openDamageGuard>

export function openDamageGuard(path: string) {
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
export async function reopen(path: string, open: () => Promise<Ledger>, guard: DamageGuard): Promise<Ledger> {
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
