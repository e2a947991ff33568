/** Reads and writes the wire formats of clients and providers. It does no I/O, reads no clock and chooses nothing. */
import type { WireFormat } from '../canonical/index.js'
import { anthropicMessages } from './anthropic-messages/index.js'
import type { Codec } from './codec.js'
import { gemini } from './gemini/index.js'
import { openaiChat } from './openai-chat/index.js'
import { openaiResponses } from './openai-responses/index.js'

export { THREAD_REFUSED } from './anthropic-messages/index.js'
export type * from './codec.js'
export { collectReply } from './collect-reply.js'
export { isEffort } from './effort.js'
export { effortSplices } from './effort-splices.js'
export { eventsOfReply } from './events-of-reply.js'
export { withoutExtras } from './extra.js'
export { LACKS, TOO_LONG } from './faults.js'
export { type Renamed, restoreName, restoreNames } from './fit-names.js'
export { joinDeltas } from './join-deltas.js'
export { isErrorInside } from './openai-fault.js'
export { recallItems } from './openai-responses/index.js'
export { brokenOff, needWhole } from './replies.js'
export { spliceBody } from './splice-bytes.js'
export { tellSchema } from './tell-schema.js'

const CODECS: Readonly<Record<WireFormat, Codec>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
}

export function codecFor(format: WireFormat): Codec {
  return CODECS[format]
}
