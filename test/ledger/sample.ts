import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Ledger, type OpenLedgerOptions, openLedger } from '../../src/ledger/index.js'

export * from './sample-calls.js'

/** A folder that is removed after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A ledger that is closed after the test; in a folder of its own unless a path is given. */
export async function scratchLedger(options: OpenLedgerOptions & { readonly path?: string } = {}): Promise<Ledger> {
  const { path = join(scratchFolder(), 'home', 'ledger.db'), ...rest } = options
  const ledger = await openLedger(path, rest)
  onTestFinished(() => ledger.close())
  return ledger
}
