import type { Ledger } from './ledger.js'
import { type OpenLedgerOptions, openLedger } from './open-ledger.js'

/** Runs `work` on a ledger and closes it, however that ends. Throws as `openLedger` does. */
export async function withOpenLedger<T>(path: string, options: OpenLedgerOptions, work: (ledger: Ledger) => T | Promise<T>): Promise<T> {
  const ledger = await openLedger(path, options)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
