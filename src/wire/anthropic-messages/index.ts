/**
 * Anthropic Messages, both ways. A body that came in this format is written unchanged; other formats are adapted to the vendor's rules, and
 * what cannot be expressed is listed as a loss.
 */
import type { Codec } from '../codec.js'
import { recordOf } from '../json.js'
import { faultBody, readFault, writeFault } from './fault.js'
import { eventReader } from './read-events.js'
import { readRequest } from './read-request.js'
import { relaySplices } from './relay.js'
import { isReply, readReply, writeReply } from './reply.js'
import { readUsageObject, usageTap } from './usage.js'
import { encode } from './write-blocks.js'
import { eventWriter } from './write-events.js'
import { writeRequest } from './write-request.js'

export { THREAD_REFUSED } from './fault.js'

export const anthropicMessages: Codec = {
  format: 'anthropic-messages',
  readRequest,
  writeRequest,
  endpoint: () => '/v1/messages',
  authHeaders: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
  isReply,
  readReply,
  writeReply,
  eventReader,
  eventWriter,
  usageTap,
  preface: /"type":\s*"(?:message_start|ping)"/,
  readUsage: (body) => readUsageObject(recordOf(body).usage),
  readFault,
  writeFault,
  writeTokenCount: (inputTokens) => ({ input_tokens: inputTokens }),
  writeStreamFault: (fault) => encode(faultBody(fault)),
  relaySplices,
}
