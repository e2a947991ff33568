import type { CommitQueue } from '../database/commit-queue.js'

/** Target for one step with its commit, milliseconds: clients wait for it. */
const STEP_MS = 8
const LEAST = 10

/** How many rows a step may take on: fewer after one that took long, be it for the disk or for others who use the machine. */
export function openPace(queue: CommitQueue, most: number) {
  let limit = most
  return {
    limit: () => limit,
    /** Runs a step as a transaction. */
    async run<T>(step: () => T): Promise<T> {
      let began = 0
      const value = await queue.run(() => {
        began = performance.now()
        return step()
      })
      const took = Math.max(performance.now() - began, 0.1)
      limit = Math.max(LEAST, Math.min(most, 2 * limit, Math.floor((limit * STEP_MS) / took)))
      return value
    },
  }
}
