/** OpenAI Chat Completions, as OpenAI defines it and as the many compatible servers and clients stretch it. */
import { encodeSse } from '../../kit/index.js'
import type { Codec } from '../codec.js'
import { errorBody, readFault, writeFault } from '../openai-fault.js'
import { isChatBody } from './other-shapes.js'
import { eventReader } from './read-events.js'
import { readRequest } from './read-request.js'
import { relaySplices } from './relay.js'
import { isReply, readReply, writeReply } from './reply.js'
import { readUsage, usageTap } from './usage.js'
import { eventWriter } from './write-events.js'
import { writeRequest } from './write-request.js'

export const openaiChat: Codec = {
  format: 'openai-chat',
  readRequest,
  writeRequest,
  endpoint: () => '/chat/completions',
  authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  isReply,
  readReply,
  writeReply,
  eventReader,
  eventWriter,
  usageTap,
  // Azure's first event says what its filter made of the prompt; nearly every server's next one names the role, without a word.
  preface: /"choices":\s*\[\s*\]|"delta":\s*\{\s*(?:"\w+":\s*(?:"assistant"|""|null|\[\]),?\s*)*\}/,
  readUsage,
  readFault,
  writeFault,
  writeStreamFault: (fault) => encodeSse(JSON.stringify({ error: errorBody(fault) })),
  relayable: isChatBody,
  relaySplices,
}
