import { setTimeout as sleep } from 'node:timers/promises'
import type { KeeperThread } from './keeper-thread.js'
import type { Db } from './native.js'

/** Commits between two checks of the WAL. */
const LOOK_EVERY = 64
/** Pages in the WAL that are worth a checkpoint: 4 MB. */
const ENOUGH = 1000
/** Pages after which the WAL is restarted: 32 MB. */
const LARGE = 8000
/** So few pages not carried over yet that writes need not wait for long. */
const FEW = 250
/** While much is written (a prune), every round moves what came in during the previous one: less each time. */
const ROUNDS = 4
/** Longest time that writes wait for a new beginning, milliseconds. */
const PAUSE_MS = 1000
/** After this long without a write all of it is carried over, milliseconds. */
const IDLE_MS = 5000
/** Should the thread fail, SQLite's own checkpoints in this one take over at this many pages. */
const FALLBACK = 4000

/**
 * Keeps the WAL short from another thread. A checkpoint waits for the disk, for tens of milliseconds when it is idle and for hundreds when
 * it is not, in which the thread that serves clients would stand still.
 */
export function openWalKeeper(db: Db, thread: KeeperThread) {
  let commits = 0
  let tending = false
  let failed = false
  let closed = false
  let paused: Promise<void> | null = null
  let idle: NodeJS.Timeout | null = null

  const behind = () => {
    const { log, checkpointed } = pages()
    return log - checkpointed
  }

  function pages(): { readonly log: number; readonly checkpointed: number } {
    const [row] = db.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
    return row ?? { log: 0, checkpointed: 0 }
  }

  async function tend(isIdle: boolean): Promise<void> {
    if (tending || closed || failed) return
    tending = true
    try {
      await thread.run('carry')
      if (closed || pages().log <= (isIdle ? ENOUGH : LARGE)) return
      for (let round = 1; round < ROUNDS && behind() > FEW; round++) await thread.run('carry')
      if (closed) return
      const anew = Promise.race([thread.run('begin-anew'), sleep(PAUSE_MS, undefined, { ref: false })])
      paused = anew.then(
        () => undefined,
        () => undefined,
      )
      await anew
    } catch {
      failed = true
      if (db.open) db.pragma(`wal_autocheckpoint = ${FALLBACK}`)
    } finally {
      paused = null
      tending = false
    }
  }

  function look(isIdle: boolean): void {
    if (tending || closed || failed) return
    if (behind() >= (isIdle ? 1 : ENOUGH)) void tend(isIdle)
  }

  return {
    /** Call after every commit. */
    wrote() {
      if (failed) return
      if (++commits % LOOK_EVERY === 0) look(false)
      idle ??= setTimeout(() => look(true), IDLE_MS).unref()
      idle.refresh()
    },
    /** Not null while the WAL is being restarted: writes wait for it, for a few pages and three disk syncs. */
    pause: () => paused,
    /** Does nothing more. */
    close() {
      closed = true
      if (idle !== null) clearTimeout(idle)
    },
  }
}
