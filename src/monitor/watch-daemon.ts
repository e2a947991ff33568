import { setTimeout as sleep } from 'node:timers/promises'
import { type Daemon, daemonHealth, findDaemon, type ModelHealth } from '../control/index.js'

export interface DaemonNow {
  readonly daemon: Daemon | null
  readonly health: ReadonlyMap<string, ModelHealth>
}

const LOOK_MS = 3000
/** How long the first frame waits to know whether there is a daemon; one that answers needs a few milliseconds. */
const FIRST_LOOK_MS = 500

export async function daemonNow(ledger: string): Promise<DaemonNow> {
  const daemon = await findDaemon(ledger)
  const rows = daemon === null ? [] : await daemonHealth(daemon).catch(() => [])
  return { daemon, health: new Map(rows.map((row) => [row.model, row])) }
}

/** Looks after the daemon again and again in the background. */
export async function watchDaemon(ledger: string) {
  let seen: DaemonNow = { daemon: null, health: new Map() }
  const look = async (): Promise<void> => {
    seen = await daemonNow(ledger)
  }
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const again = (): Promise<void> =>
    look().finally(() => {
      if (!stopped) timer = setTimeout(again, LOOK_MS).unref()
    })
  await Promise.race([again(), sleep(FIRST_LOOK_MS, undefined, { ref: false })])
  return {
    now: () => seen,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
