import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Db } from './native.js'

/**
 * Carries what the WAL holds into the database from another thread. A checkpoint waits for the disk twice, tens of milliseconds in
 * which the thread that serves clients would stand still.
 */
export interface WalKeeper {
  /** Call after every commit. */
  wrote(): void
  /** Resolves when the thread, if there was one, is gone. */
  close(): Promise<void>
}

/** Commits between two looks at the WAL. */
const LOOK_EVERY = 64
/** Pages to be carried over that are worth a checkpoint: 4 MB. */
const ENOUGH = 1000
/** Pages after which the WAL should begin anew: 32 MB. Only then does this thread carry over the few that came in meanwhile. */
const LARGE = 8000
/** As many as this thread can carry over without standing still; while much is written (a prune), the next look may find fewer. */
const FEW = 250
/** A WAL of 128 MB is begun anew all the same. */
const MOST = 32_000
/** Should the thread fail, SQLite's own checkpoints in this one take over at this many pages. */
const FALLBACK = 4000

/** The other thread. It is given as text because it must run alike from sources and from the built program. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.module)
const db = new Sqlite(workerData.path, { timeout: 0 })
parentPort.on('message', (message) => {
  if (message === 'close') { db.close(); parentPort.close(); return }
  try { db.pragma('wal_checkpoint(PASSIVE)') } catch {}
  parentPort.postMessage('done')
})`

export function openWalKeeper(db: Db, path: string): WalKeeper {
  let commits = 0
  let thread: Worker | null = null
  let busy = false
  let failed = false
  let closed = false

  function pages(): { readonly log: number; readonly checkpointed: number } {
    const [row] = db.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
    return row ?? { log: 0, checkpointed: 0 }
  }

  function look(): void {
    const { log, checkpointed } = pages()
    if (busy || log - checkpointed < ENOUGH) return
    busy = true
    thread ??= start()
    thread.postMessage('checkpoint')
  }

  function start(): Worker {
    const module = createRequire(import.meta.url).resolve('better-sqlite3')
    const worker = new Worker(THREAD, { eval: true, workerData: { path, module }, resourceLimits: { maxOldGenerationSizeMb: 16 } })
    worker.unref()
    worker.on('message', () => {
      busy = false
      // While writes go on, the other thread never gets quite to the end, and only from there may the WAL begin anew.
      if (closed || !db.open) return
      const { log, checkpointed } = pages()
      if ((log > LARGE && log - checkpointed <= FEW) || log > MOST) db.pragma('wal_checkpoint(PASSIVE)')
    })
    worker.on('error', () => {
      failed = true
      if (db.open) db.pragma(`wal_autocheckpoint = ${FALLBACK}`)
    })
    return worker
  }

  return {
    wrote() {
      if (!failed && ++commits % LOOK_EVERY === 0) look()
    },
    async close() {
      closed = true
      if (thread === null || failed) return
      const gone = new Promise((resolve) => thread?.once('exit', resolve))
      thread.ref()
      thread.postMessage('close')
      await gone
    },
  }
}
