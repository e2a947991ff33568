import { type Daemon, daemonHealth, findDaemon, type ModelHealth } from '../control/index.js'

/** What is known of the daemon, asked now and then in the background. */
export interface DaemonWatch {
  readonly daemon: () => Daemon | null
  readonly health: () => ReadonlyMap<string, ModelHealth>
  stop(): void
}

const LOOK_MS = 3000

export function watchDaemon(ledger: string): DaemonWatch {
  let daemon: Daemon | null = null
  let health: ReadonlyMap<string, ModelHealth> = new Map()
  const look = async (): Promise<void> => {
    daemon = await findDaemon(ledger)
    const rows = daemon === null ? [] : await daemonHealth(daemon).catch(() => [])
    health = new Map(rows.map((row) => [row.model, row]))
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
    daemon: () => daemon,
    health: () => health,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
