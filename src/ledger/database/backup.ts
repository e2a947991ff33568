import { existsSync, rmSync } from 'node:fs'
import { Fault } from '../../kit/index.js'
import type { Db, OpenNative } from './native.js'
import { createPrivateFile } from './private-files.js'

/**
 * Copies the database page by page while others write; the copy is of one moment and needs no -wal file. It is read through: better no
 * backup than one that is found to be damaged when it is needed.
 */
export async function backUp(open: OpenNative, db: Db, to: string): Promise<void> {
  if (existsSync(to)) throw new Fault('E_CONFLICT', `${to} exists already`, { hint: 'Give the name of a new file.' })
  createPrivateFile(to)
  try {
    await db.backup(to)
    const copy = open(to, { readonly: true })
    const said = copy.pragma('quick_check(1)', { simple: true })
    copy.close()
    if (said !== 'ok') throw new Fault('E_LEDGER', `the ledger is damaged and was not copied: ${String(said)}`, { hint: RECOVER })
  } catch (error) {
    rmSync(to, { force: true })
    throw error
  }
}

const RECOVER = 'Recover what can be read with `sqlite3 LEDGER .recover`.'
