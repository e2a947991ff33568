import type { Reply } from '../canonical/index.js'
import { present } from './json.js'

/** Which answer it is, whose and of when, as far as an answer or the first event of a stream says. */
export function replyHead(id: unknown, model: unknown, created?: unknown): Pick<Reply, 'id' | 'model' | 'created'> {
  return present({
    id: typeof id === 'string' ? id : undefined,
    model: typeof model === 'string' ? model : undefined,
    created: typeof created === 'number' ? created : undefined,
  })
}

/**
 * An answer's id with its vendor's usual prefix: some clients use it to recognise the format. An id that already has the prefix is
 * unchanged.
 */
export function answerId(prefix: 'chatcmpl-' | 'msg_' | 'resp_', id: string): string {
  return id.startsWith(prefix) ? id : prefix + id
}
