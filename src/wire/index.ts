/** Reads and writes the wire formats of clients and providers. It does no I/O, reads no clock and chooses nothing. */
import type { WireFormat } from '../canonical/index.js'
import { Fault } from '../kit/index.js'
import { anthropicMessages } from './anthropic-messages/index.js'
import type { Codec } from './codec.js'
import { openaiChat } from './openai-chat/index.js'

export { applySplices, splicesAsLosses } from './apply-splices.js'
export * from './codec.js'
export { type Collected, collectReply } from './collect-reply.js'
export { eventsOfReply } from './events-of-reply.js'
export { spliceBody } from './relay-body.js'

export const codecs: Partial<Readonly<Record<WireFormat, Codec>>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
}

export function codecFor(format: WireFormat): Codec {
  const codec = codecs[format]
  if (codec === undefined) throw new Fault('E_INTERNAL', `The wire format ${format} is not there yet.`)
  return codec
}
