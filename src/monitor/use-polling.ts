import { useEffect, useState } from 'react'
import type { Feed } from './feed.js'
import type { Snapshot } from './snapshot.js'

const SHORTEST_MS = 250
const LONGEST_MS = 2000
/** Share of one core that the whole process may take, drawing and garbage collection included. */
const SHARE = 0.03

interface Polled {
  readonly snapshot: Snapshot | null
  readonly failure: Error | null
}

/**
 * Reads the feed again and again, as often as keeps the process within its share of a core. While paused the list of calls stands still, the
 * figures go on.
 */
export function usePolling(feed: Feed, paused: boolean): Polled {
  const [polled, setPolled] = useState<Polled>({ snapshot: null, failure: null })
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined
    let used = process.cpuUsage()
    const round = (): void => {
      try {
        const snapshot = feed.read()
        setPolled((before) => {
          const calls = paused && before.snapshot !== null ? before.snapshot.calls : snapshot.calls
          return before.snapshot === snapshot
            ? before
            : { snapshot: calls === snapshot.calls ? snapshot : { ...snapshot, calls }, failure: null }
        })
      } catch (error) {
        setPolled({ snapshot: null, failure: error instanceof Error ? error : new Error(String(error)) })
        return
      }
      const since = process.cpuUsage(used)
      used = process.cpuUsage()
      timer = setTimeout(round, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (since.user + since.system) / 1000 / SHARE)))
    }
    round()
    return () => clearTimeout(timer)
  }, [feed, paused])
  return polled
}
