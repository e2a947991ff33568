import type { BatchStore } from '../ledger/index.js'
import { type BatchContext, type BatchPorts, jobOf } from './context.js'
import { createLiveSender } from './send-live.js'
import { type JobMemory, workOnJob } from './work-on-job.js'

/** Pause between two turns while there are jobs, and while there are none. */
const TURN_MS = 500
const IDLE_MS = 2000
const SWEEP_MS = 3_600_000
/** Time limit for requests in flight at a stop; unfinished ones are sent again by the next process. */
const DRAIN_MS = 10_000

export type BatchRunner = ReturnType<typeof createBatchRunner>

/**
 * One process at a time works on the jobs of a ledger. The ledger's lock decides which one, and the system releases it when that process
 * dies.
 */
export function createBatchRunner(ports: BatchPorts) {
  const memory: JobMemory = { polls: new Map(), shortOfMoney: new Map() }
  const sender = createLiveSender()
  let release: (() => void) | null = null
  let timer: NodeJS.Timeout | null = null
  let turning: Promise<void> | null = null
  let stopped = true
  let sweptAt = 0

  const schedule = (ms: number): void => {
    if (stopped) return
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      turning = turn()
        .catch((error: unknown) => {
          ports.parts.report(error, '')
          return IDLE_MS
        })
        .then((pause) => {
          turning = null
          schedule(pause)
        })
    }, ms)
  }

  /** Does what is due and returns the pause until the next turn. */
  async function turn(): Promise<number> {
    const store = ports.ledger()?.batch
    if (store === undefined) return IDLE_MS
    if (ports.parts.clock.now() >= sweptAt + SWEEP_MS) {
      sweptAt = ports.parts.clock.now()
      await sweep(store, sweptAt - ports.settings().keepMs)
    }
    const jobs = store.jobs({ open: true }).reverse()
    if (jobs.length === 0) return IDLE_MS
    release ??= store.claim()
    if (release === null) return IDLE_MS
    const context: BatchContext = { ...ports, store, settings: ports.settings() }
    let more = false
    for (const row of jobs) {
      if (stopped) break
      try {
        more = (await workOnJob(jobOf(row), context, memory, sender, nudge)) || more
      } catch (error) {
        ports.parts.report(error, row.id)
      }
    }
    return more ? 0 : TURN_MS
  }

  /** Has new jobs seen at once. */
  function nudge(): void {
    if (turning === null) schedule(0)
  }

  return {
    /** Works on the ledger's jobs from now on, unless another process does; then it waits for its turn. */
    start() {
      if (!stopped) return
      stopped = false
      schedule(0)
    },
    nudge,
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await turning
      await Promise.race([sender.drain(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())])
      release?.()
      release = null
    },
  }
}

/** Jobs and files are kept as long as calls are; unfinished ones stay. */
async function sweep(store: BatchStore, before: number): Promise<void> {
  for (const job of store.jobs()) if (job.endedAt !== null && job.endedAt < before) await store.removeJob(job.id)
  for (const file of store.files()) if (file.createdAt < before) await store.removeFile(file.id)
}
