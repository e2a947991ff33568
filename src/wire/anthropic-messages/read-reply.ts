import type { Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { fromUpstream, isRecord, type Json, leftover, mayString, present } from '../json.js'
import { readBlocks } from './read-content.js'
import { readStopReason } from './stop-reason.js'
import { readUsageObject } from './usage.js'

const KNOWN = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'])

export function isReply(body: unknown): body is Json {
  return isRecord(body) && Array.isArray(body.content)
}

/** A complete answer. A body without content is the provider's fault, not the client's. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) {
    throw new Fault('E_UPSTREAM', 'The provider answered with a body that is no message.', { hint: 'Check its wire format and base URL.' })
  }
  return fromUpstream(() => readMessage(body))
}

function readMessage(body: Json): Reply {
  const raw = mayString(body.stop_reason, 'stop_reason')
  return {
    choices: [
      {
        parts: readBlocks(body.content, 'content'),
        finish: raw === undefined ? 'other' : readStopReason(raw),
        ...present({ rawFinish: raw, stopSequence: mayString(body.stop_sequence, 'stop_sequence') }),
      },
    ],
    usage: readUsageObject(body.usage),
    ...present({ id: mayString(body.id, 'id'), model: mayString(body.model, 'model'), extra: leftover(body, KNOWN) }),
  }
}
