import { digest } from '../../kit/index.js'
import type { CallIds } from './read-part.js'

/**
 * Ids for the calls of an answer that named none. They must differ from those of earlier answers, since clients of other
 * formats match results by id over the whole conversation; the answer's own id sees to that.
 */
export function replyCallIds(responseId: string | undefined): CallIds {
  let made = 0
  const next = (name: string): string => `call_${digest(`${responseId ?? ''}\n${name}\n${made++}`).slice(0, 24)}`
  return { call: (name, id) => id ?? next(name), response: (name, id) => id ?? next(name) }
}
