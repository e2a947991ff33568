import { useEffect, useState } from 'react'
import type { Feed } from './feed.js'
import type { Snapshot } from './snapshot.js'

const SHORTEST_MS = 250
const LONGEST_MS = 2000
/** Share of one core that reading and drawing may take. */
const SHARE = 0.03

interface Polled {
  readonly snapshot: Snapshot | null
  readonly failure: Error | null
}

/** Reads the feed again and again, as often as keeps the cost of a round within the share. While paused the list of calls stands still, the figures go on. */
export function usePolling(feed: Feed, paused: boolean): Polled {
  const [polled, setPolled] = useState<Polled>({ snapshot: null, failure: null })
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined
    const round = (): void => {
      const began = performance.now()
      try {
        const snapshot = feed.read()
        setPolled(({ snapshot: before }) => ({
          snapshot: paused && before !== null ? { ...snapshot, calls: before.calls } : snapshot,
          failure: null,
        }))
      } catch (error) {
        setPolled({ snapshot: null, failure: error instanceof Error ? error : new Error(String(error)) })
        return
      }
      // Setting state has drawn the frame by now, so the time includes it.
      const cost = performance.now() - began
      timer = setTimeout(round, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, cost / SHARE)))
    }
    round()
    return () => clearTimeout(timer)
  }, [feed, paused])
  return polled
}
