import { existsSync } from 'node:fs'
import { Fault } from '../kit/index.js'
import type { Db } from './native.js'
import { createPrivateFile } from './private-files.js'

/** Copies the database page by page while others write; the copy is of one moment and needs no -wal file. */
export function prepareBackup(db: Db): (to: string) => Promise<void> {
  return async (to) => {
    if (existsSync(to)) throw new Fault('E_CONFLICT', `${to} exists already`, { hint: 'Give the name of a new file.' })
    createPrivateFile(to)
    await db.backup(to)
  }
}
