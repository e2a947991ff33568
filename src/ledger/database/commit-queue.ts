import { isBusy, lockedFault } from './sqlite-errors.js'
import type { Transact } from './transactions.js'

interface Entry {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** So that one group does not hold the event loop for more than a few milliseconds. */
const GROUP = 64
const RETRY_MS = 10
const LATER_MS = 3
const SLEEP = new Int32Array(new SharedArrayBuffer(4))

interface CommitQueueOptions {
  /** How long another process may hold the write lock before writes are refused, milliseconds. */
  readonly lockedMs: number
  /** While this is not null, the queue waits for it. */
  readonly pause: () => Promise<void> | null
}

/**
 * Groups the writes of one turn of the event loop into one transaction, since the commit costs more than the rows. A failing write does not
 * affect the others: its group is rolled back and repeated one by one.
 */
export type CommitQueue = ReturnType<typeof openCommitQueue>

export function openCommitQueue(transact: Transact, { lockedMs, pause }: CommitQueueOptions) {
  let queue: Entry[] = []
  let scheduled = false
  let later: NodeJS.Timeout | null = null
  let lockedSince: number | null = null

  function schedule(): void {
    if (scheduled || queue.length === 0) return
    scheduled = true
    const paused = pause()
    if (paused !== null) void paused.then(turn)
    else if (lockedSince === null) setImmediate(turn)
    else setTimeout(turn, RETRY_MS)
  }

  function scheduleLater(): void {
    later ??= setTimeout(() => {
      later = null
      schedule()
    }, LATER_MS)
  }

  function turn(): void {
    scheduled = false
    if (later !== null) clearTimeout(later)
    later = null
    if (pause() === null) writeGroup()
    schedule()
  }

  function takeGroup(): readonly Entry[] {
    const group = queue.slice(0, GROUP)
    queue = queue.slice(GROUP)
    return group
  }

  function writeGroup(): void {
    const group = takeGroup()
    const busy = writeEntries(group, transact)
    if (busy === null) {
      lockedSince = null
      return
    }
    lockedSince ??= performance.now()
    if (performance.now() - lockedSince < lockedMs) queue = [...group, ...queue]
    else {
      lockedSince = null
      refuse(group, busy)
    }
  }

  /** Commits what is queued, also blocking. */
  function flush(): void {
    while (queue.length > 0) {
      const group = takeGroup()
      const busy = waitWhileLocked(lockedMs, () => writeEntries(group, transact))
      if (busy !== null) refuse(group, busy)
    }
  }

  return {
    /**
     * Runs `work` inside a transaction; resolves after the commit. With `later` it waits a few milliseconds for another write to
     * share its transaction: a short call is then opened and settled by one commit.
     */
    run<T>(work: () => T, when?: 'later'): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
        if (when === 'later') scheduleLater()
        else schedule()
      })
    },
    /** Runs what is queued, then `work`, in this turn of the event loop, blocking while another process writes: for start, end and commands. */
    now<T>(work: () => T): T {
      flush()
      let value!: T
      const busy = waitWhileLocked(lockedMs, () => {
        try {
          value = transact(work)
          return null
        } catch (error) {
          if (isBusy(error)) return error
          throw error
        }
      })
      if (busy !== null) throw lockedFault(busy)
      return value
    },
    flush,
  }
}

/** Returns the error when another process holds the write lock, and null when every entry has its answer. */
function writeEntries(group: readonly Entry[], transact: Transact): unknown {
  try {
    const values: unknown[] = []
    transact(() => {
      values.length = 0
      for (const entry of group) values.push(entry.work())
    })
    for (let i = 0; i < group.length; i++) group[i]?.resolve(values[i])
  } catch (error) {
    if (isBusy(error)) return error
    if (group.length === 1) group[0]?.reject(error)
    else for (const entry of group) writeAlone(entry, transact)
  }
  return null
}

function writeAlone(entry: Entry, transact: Transact): void {
  try {
    entry.resolve(transact(entry.work))
  } catch (error) {
    entry.reject(error)
  }
}

function refuse(group: readonly Entry[], busy: unknown): void {
  for (const entry of group) entry.reject(lockedFault(busy))
}

/** Repeats what returns the error of a taken lock, blocking for as long as writes may wait for it at all. */
function waitWhileLocked(lockedMs: number, work: () => unknown): unknown {
  for (const start = performance.now(); ; ) {
    const busy = work()
    if (busy === null || performance.now() - start > lockedMs) return busy
    Atomics.wait(SLEEP, 0, 0, RETRY_MS)
  }
}
