import { createHash, randomBytes } from 'node:crypto'
import { HOUR_MS } from '../../kit/index.js'

const CODE_MS = 60_000
const SESSION_MS = 12 * HOUR_MS
/** The oldest go when more browsers than this have opened the page. */
const MOST = 50

/**
 * Who has opened the page. A browser sends cookies of 127.0.0.1 to programs on its other ports, too. So the page's cookie is not the
 * daemon's token but a separate secret that only allows reading and ends with the daemon.
 */
export function pageSessions() {
  const codes = expiring(CODE_MS)
  const sessions = expiring(SESSION_MS)
  return {
    /** A code for a link that opens once, within a minute. */
    newCode: (): string => codes.add(16),
    /** A session for a code; null when it is unknown, used or late. */
    redeem(code: string): string | null {
      const known = codes.has(code)
      codes.delete(code)
      return known ? sessions.add(32) : null
    },
    admits: (session: string): boolean => sessions.has(session),
  }
}

/** Random words that are valid for a while, stored as digests, so that the time of a lookup reveals nothing about the others. */
function expiring(ms: number) {
  const until = new Map<string, number>()
  const key = (word: string): string => createHash('sha256').update(word).digest('base64url')
  return {
    add(bytes: number): string {
      const word = randomBytes(bytes).toString('base64url')
      for (const known of until.keys()) if (until.size >= MOST) until.delete(known)
      until.set(key(word), Date.now() + ms)
      return word
    },
    has: (word: string): boolean => (until.get(key(word)) ?? Number.NEGATIVE_INFINITY) > Date.now(),
    delete: (word: string): boolean => until.delete(key(word)),
  }
}
