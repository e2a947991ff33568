import type Database from 'better-sqlite3'
import { Fault } from '../../kit/index.js'

export type Db = Database.Database
export type OpenNative = (path: string, options?: Database.Options) => Db

/** Loads the native module only when a ledger is really opened, so that `--help` does not pay for it. */
export async function loadNative(): Promise<OpenNative> {
  try {
    const { default: Sqlite } = await import('better-sqlite3')
    return (path, options) => new Sqlite(path, options)
  } catch (cause) {
    throw new Fault('E_LEDGER', 'the SQLite module could not be loaded', {
      hint: 'Run `npm rebuild better-sqlite3` with the Node version that runs llmroute.',
      cause,
    })
  }
}
