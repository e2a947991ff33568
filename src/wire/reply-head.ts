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
