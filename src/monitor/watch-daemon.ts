import { type Daemon, daemonHealth, findDaemon, type ModelHealth } from '../control/index.js'

/** What is known of the daemon, asked now and then in the background. */
export interface DaemonWatch {
  readonly daemon: () => Daemon | null
  readonly health: () => ReadonlyMap<string, ModelHealth>
  stop(): void
}

interface DaemonNow {
  readonly daemon: Daemon | null
  readonly health: ReadonlyMap<string, ModelHealth>
}

const LOOK_MS = 3000

export async function daemonNow(ledger: string): Promise<DaemonNow> {
  const daemon = await findDaemon(ledger)
  const rows = daemon === null ? [] : await daemonHealth(daemon).catch(() => [])
  return { daemon, health: new Map(rows.map((row) => [row.model, row])) }
}

export function watchDaemon(ledger: string): DaemonWatch {
  let seen: DaemonNow = { daemon: null, health: new Map() }
  const look = async (): Promise<void> => {
    seen = await daemonNow(ledger)
  }
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const again = (): void => {
    void look().finally(() => {
      if (!stopped) timer = setTimeout(again, LOOK_MS).unref()
    })
  }
  again()
  return {
    daemon: () => seen.daemon,
    health: () => seen.health,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
