import type { Answer } from './exchange.js'

/** Bytes that complete answers may take together, before one at a time goes on; about the length of two of the longest. */
const MOST_HELD = 128 * 1024 * 1024

/** Bytes up to which an answer never waits: most are shorter. */
const SMALL = 256 * 1024

/** An answer whose bytes are kept until `leave()`: their sum is bounded. */
export interface HeldAnswer extends Answer {
  leave(): void
}

interface Held {
  bytes: number
  waiting: boolean
  readonly answer: Answer
}

/**
 * Those that may wait, in the order in which they became long. Memory is the process's, so this is not any one server's. Short answers, which
 * are many, are not listed: what was once in a set stays in the memory that the set outgrew, until the whole heap is collected.
 */
const long = new Set<Held>()
let total = 0

/**
 * Bounds the memory of complete answers: when they are long and many, those that came later wait with backpressure until an earlier one has
 * been delivered. The first always goes on, so that they cannot all wait for each other.
 */
export function holdAnswer(answer: Answer, most = MOST_HELD, small = SMALL): HeldAnswer {
  const mine: Held = { bytes: 0, waiting: false, answer }
  const mayGoOn = (one: Held): boolean => total <= most || long.values().next().value === one
  return {
    status: answer.status,
    headers: answer.headers,
    resume: answer.resume,
    consume: (sink) =>
      answer.consume((chunk) => {
        mine.bytes += chunk.length
        total += chunk.length
        if (mine.bytes > small) {
          long.add(mine)
          mine.waiting = !mayGoOn(mine)
        }
        return sink(chunk) && !mine.waiting
      }),
    leave() {
      total -= mine.bytes
      mine.bytes = 0
      long.delete(mine)
      for (const other of long) {
        if (!other.waiting || !mayGoOn(other)) continue
        other.waiting = false
        other.answer.resume()
      }
    },
  }
}
