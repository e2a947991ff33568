import { Fault } from '../../kit/index.js'

export const DAMAGED =
  'Move it away, with its -wal and -shm, to start anew or to put a backup in its place; what can be read is got out with `sqlite3 LEDGER .recover`.'

/** SQLite's own result code of an error (`SQLITE_BUSY`, `SQLITE_FULL`, ...), or null. */
export function sqliteCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false
}

/** Whether the file, not the record, is at fault: the same write may succeed later. */
export function isDown(error: unknown): boolean {
  return error instanceof Fault && error.code === 'E_LEDGER'
}

/** The file itself is broken: nothing more should be written to it. */
export function isDamage(fault: Fault): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(fault.cause) ?? '')
}

export function lockedFault(cause: unknown): Fault {
  return new Fault('E_LEDGER', 'the ledger is locked by another process', {
    hint: 'Another llmroute command or a SQLite tool holds a write transaction open; close it and try again.',
    cause,
  })
}

export function damagedFault(path: string, what: string): Fault {
  const cause = Object.assign(new Error(what), { code: 'SQLITE_CORRUPT' })
  return new Fault('E_LEDGER', `the ledger ${path} is damaged: ${what.replaceAll(/\s+/g, ' ')}`, { hint: DAMAGED, cause })
}

/** Errors of SQLite and of the file system as Faults with a remedy; any other error as it is. */
export function explainSqliteError(error: unknown, path: string): unknown {
  if (isBusy(error)) return lockedFault(error)
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException | null)?.code ?? null
  const fault = (message: string, hint: string) => new Fault('E_LEDGER', message, { hint, cause: error })
  if (code === 'SQLITE_NOTADB') return fault(`the ledger ${path} is damaged, or a file of another kind`, DAMAGED)
  if (code?.startsWith('SQLITE_CORRUPT')) return fault(`the ledger ${path} is damaged`, DAMAGED)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return fault(`the disk that holds ${path} is full`, 'Make room, or run `llmroute prune`.')
  if (code?.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES') {
    return fault(`the ledger ${path} cannot be written`, 'Check the rights of the file and its folder, or give another with --db.')
  }
  if (code !== null && /^(SQLITE_(CANTOPEN|IOERR|PROTOCOL)|E[A-Z]+$)/.test(code) && !(error instanceof Fault)) {
    return fault(`the ledger ${path} cannot be read or written (${code})`, 'Check the folder and the disk.')
  }
  return error
}
