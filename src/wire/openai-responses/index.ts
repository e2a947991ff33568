/** OpenAI Responses: typed items in, typed items and events out. */
import type { Codec } from '../codec.js'
import { readFault, writeFault } from '../openai-fault.js'
import { eventReader, isReply, readReply } from './read-events.js'
import { readRequest } from './read-request.js'
import { relaySplices } from './relay.js'
import { readUsage, usageTap } from './usage.js'
import { eventWriter, writeFailure, writeReply } from './write-events.js'
import { writeRequest } from './write-request.js'

export { recallItems } from './item-references.js'

export const openaiResponses: Codec = {
  format: 'openai-responses',
  readRequest,
  writeRequest,
  endpoint: () => '/responses',
  authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  isReply,
  readReply,
  writeReply,
  eventReader,
  eventWriter,
  usageTap,
  preface: /"type":\s*"response\.(?:created|queued|in_progress)"/,
  readUsage,
  readFault,
  writeFault,
  writeTokenCount: (input_tokens) => ({ object: 'response.input_tokens', input_tokens }),
  writeStreamFault: (fault) => writeFailure(fault, null, {}, 0),
  relaySplices,
}
