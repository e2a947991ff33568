import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/**
 * `carry` moves the WAL's contents into the database, as far as readers allow. `begin-anew` also restarts the WAL from its first page,
 * which needs a moment without other writers. `check` reads the whole file.
 */
type KeeperJob = 'carry' | 'begin-anew' | 'check'

/** A thread with its own connection, for work that waits for the disk and would block the thread that serves clients. */
export interface KeeperThread {
  /**
   * Runs jobs one after the other, except that others may run during a check. Resolves to what is wrong with the file if a check found
   * something, otherwise to null, also when SQLite refused and the job should be tried again; rejects when the thread is gone.
   */
  run(job: KeeperJob): Promise<string | null>
  /** Resolves when the thread, if there was one, has ended. */
  close(): Promise<void>
}

/**
 * Given as text because it must run the same from sources and from the built program. The first write after a restart of the WAL makes
 * SQLite wait for the disk once more, for the header, and cut the file to its limit: so it is done here.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.module)
let db = null
// Opened with the first job: a file that is damaged must not end this thread, which is to say so.
const open = () => {
  if (db !== null) return db
  const opened = new Sqlite(workerData.path, { timeout: 0 })
  opened.pragma('synchronous = NORMAL')
  opened.pragma('journal_size_limit = 67108864')
  return (db = opened)
}
const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|IOERR)/
const jobs = {
  carry: () => { open().pragma('wal_checkpoint(PASSIVE)') },
  'begin-anew': () => {
    if (open().pragma('wal_checkpoint(RESTART)')[0].busy !== 0) return
    db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES ('wal-begun-at', ?)").run(Date.now())
  },
  // A new connection has read nothing yet: cached pages would hide damage to the file.
  check: async () => {
    const fresh = new Sqlite(workerData.path, { readonly: true, timeout: 0 })
    try {
      const tables = fresh.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
      for (const table of tables) {
        const said = fresh.pragma('quick_check("' + table + '")', { simple: true })
        if (said !== 'ok') return said
        // Other jobs come in between.
        await new Promise(setImmediate)
        if (closing) return null
      }
      return null
    } finally { fresh.close() }
  },
}
let closing = false
parentPort.on('message', async ({ id, job }) => {
  if (job === 'close') { closing = true; setImmediate(() => { db?.close(); parentPort.close() }); return }
  let said = null
  try { said = (await jobs[job]()) ?? null } catch (error) { if (job === 'check' && DAMAGE.test(error.code)) said = error.message }
  parentPort.postMessage({ id, said })
})`

export function openKeeperThread(path: string): KeeperThread {
  let worker: Worker | null = null
  let gone: Error | null = null
  let asked = 0
  const waiting = new Map<number, { readonly resolve: (said: string | null) => void; readonly reject: (error: Error) => void }>()

  function start(): Worker {
    const module = createRequire(import.meta.url).resolve('better-sqlite3')
    const started = new Worker(THREAD, { eval: true, workerData: { path, module }, resourceLimits: { maxOldGenerationSizeMb: 16 } })
    started.unref()
    started.on('message', ({ id, said }: { readonly id: number; readonly said: string | null }) => {
      waiting.get(id)?.resolve(said)
      waiting.delete(id)
    })
    started.on('error', end)
    started.on('exit', () => end(new Error('the thread that keeps the WAL short has ended')))
    return started
  }

  function end(error: Error): void {
    gone ??= error
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }

  return {
    run(job) {
      if (gone !== null) return Promise.reject(gone)
      worker ??= start()
      const id = ++asked
      worker.postMessage({ id, job })
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    },
    async close() {
      if (worker === null || gone !== null) return
      const exited = new Promise((resolve) => worker?.once('exit', resolve))
      worker.ref()
      worker.postMessage({ job: 'close' })
      await exited
    },
  }
}
