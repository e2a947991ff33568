/**
 * Gemini's generateContent, both ways. A body that came in this format is written unchanged; other formats are adapted to the vendor's
 * rules, and what cannot be expressed is listed as a loss. Model and streaming are in the path, not the body.
 */
import { encodeSse } from '../../kit/index.js'
import type { Codec } from '../codec.js'
import { recordOf } from '../json.js'
import { faultBody, readFault, writeFault } from './fault.js'
import { eventReader } from './read-events.js'
import { isReply, readReply } from './read-reply.js'
import { readRequest } from './read-request.js'
import { relaySplices } from './relay.js'
import { readUsageMetadata } from './usage.js'
import { usageTap } from './usage-tap.js'
import { eventWriter } from './write-events.js'
import { writeReply } from './write-reply.js'
import { writeRequest } from './write-request.js'

export const gemini: Codec = {
  format: 'gemini',
  readRequest,
  writeRequest,
  endpoint: (name, stream) => `/v1beta/models/${name}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  authHeaders: (key) => ({ 'x-goog-api-key': key }),
  isReply,
  readReply,
  writeReply,
  eventReader,
  eventWriter,
  usageTap: () => usageTap(),
  readUsage: (body) => readUsageMetadata(recordOf(body).usageMetadata),
  readFault,
  writeFault,
  writeTokenCount: (totalTokens) => ({ totalTokens }),
  writeStreamFault: (fault) => encodeSse(JSON.stringify(faultBody(fault))),
  relaySplices,
}
