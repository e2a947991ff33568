import { digest } from '../../kit/index.js'

/** Gives every call and response an id; those that came without one are matched by name and order. */
export interface CallIds {
  call(name: string, id: string | undefined): string
  response(name: string, id: string | undefined): string
}

/** New ids count the calls of the conversation, so that they are the same on every turn. */
export function callIds(): CallIds {
  const open = new Map<string, string[]>()
  let made = 0
  return {
    call(name, given) {
      const id = given ?? `call_${++made}`
      const waiting = open.get(name)
      if (waiting === undefined) open.set(name, [id])
      else waiting.push(id)
      return id
    },
    response(name, given) {
      const waiting = open.get(name) ?? []
      const at = given === undefined ? 0 : waiting.indexOf(given)
      const [id] = at === -1 ? [] : waiting.splice(at, 1)
      return given ?? id ?? `call_${++made}`
    },
  }
}

/**
 * Ids for the calls of an answer that named none. They must differ from those of earlier answers, since clients of other
 * formats match results by id over the whole conversation; the answer's own id sees to that.
 */
export function replyCallIds(responseId: string | undefined): CallIds {
  let made = 0
  const next = (name: string): string => `call_${digest(`${responseId ?? ''}\n${name}\n${made++}`).slice(0, 24)}`
  return { call: (name, id) => id ?? next(name), response: (name, id) => id ?? next(name) }
}
