/**
 * Gemini's generateContent, both ways. A body that came in this format is written unchanged; other formats are adapted to the vendor's
 * rules, and what cannot be expressed is listed as a loss. Model and streaming are in the path, not the body.
 */
import { encodeSse } from '../../kit/index.js'
import type { Codec } from '../codec.js'
import { recordOf } from '../json.js'
import { faultBody, readFault, writeFault } from './fault.js'
import { eventReader } from './read-events.js'
import { readRequest } from './read-request.js'
import { relaySplices } from './relay.js'
import { isReply, readReply, writeReply } from './reply.js'
import { readUsageMetadata, usageTap } from './usage.js'
import { eventWriter } from './write-events.js'
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
  usageTap,
  readUsage: (body) => readUsageMetadata(recordOf(body).usageMetadata),
  readFault,
  writeFault,
  writeTokenCount: (totalTokens) => ({ totalTokens }),
  writeStreamFault: (fault) => encodeSse(JSON.stringify(faultBody(fault))),
  relaySplices,
}
