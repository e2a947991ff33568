import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/**
 * `carry` takes what the WAL holds into the database, as far as readers let it. `begin-anew` does so too, and has the WAL start from its
 * first page again: it needs that nobody else writes.
 */
export type KeeperJob = 'carry' | 'begin-anew'

/** A thread with a connection of its own, for work that waits for the disk: in the thread that serves clients everything would stand still. */
export interface KeeperThread {
  /** Done one after the other. Resolves also when SQLite refused, for another try; rejects when the thread is gone. */
  run(job: KeeperJob): Promise<void>
  /** Resolves when the thread, if there was one, is gone. */
  close(): Promise<void>
}

/**
 * Given as text because it must run alike from sources and from the built program. The first write after a new beginning makes SQLite
 * wait for the disk once more, for the header, and cut the file to its limit: so it is made here.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.module)
const db = new Sqlite(workerData.path, { timeout: 0 })
db.pragma('synchronous = NORMAL')
db.pragma('journal_size_limit = 67108864')
const begun = db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES ('wal-begun-at', ?)")
const jobs = {
  carry: () => db.pragma('wal_checkpoint(PASSIVE)'),
  'begin-anew': () => {
    if (db.pragma('wal_checkpoint(RESTART)')[0].busy === 0) begun.run(Date.now())
  },
}
parentPort.on('message', (job) => {
  if (job === 'close') { db.close(); parentPort.close(); return }
  try { jobs[job]() } catch {}
  parentPort.postMessage('done')
})`

export function openKeeperThread(path: string): KeeperThread {
  let worker: Worker | null = null
  let gone: Error | null = null
  let waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []

  function start(): Worker {
    const module = createRequire(import.meta.url).resolve('better-sqlite3')
    const started = new Worker(THREAD, { eval: true, workerData: { path, module }, resourceLimits: { maxOldGenerationSizeMb: 16 } })
    started.unref()
    started.on('message', () => waiting.shift()?.resolve())
    started.on('error', end)
    started.on('exit', () => end(new Error('the thread that keeps the WAL short has ended')))
    return started
  }

  function end(error: Error): void {
    gone ??= error
    for (const { reject } of waiting) reject(gone)
    waiting = []
  }

  return {
    run(job) {
      if (gone !== null) return Promise.reject(gone)
      worker ??= start()
      worker.postMessage(job)
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    async close() {
      if (worker === null || gone !== null) return
      const exited = new Promise((resolve) => worker?.once('exit', resolve))
      worker.ref()
      worker.postMessage('close')
      await exited
    },
  }
}
