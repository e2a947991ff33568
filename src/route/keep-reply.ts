import type { Reply } from '../canonical/index.js'
import type { DecidedCall } from './call.js'
import type { RouterParts } from './router-ports.js'

function stores({ setup, wishes }: DecidedCall): boolean {
  return setup.storeBodies && wishes.store
}

/** Whether an answer is wanted after the client has it: to be stored, or because the conversation may bring its signatures back. */
export function keepsReply(call: DecidedCall): boolean {
  return stores(call) || call.request.tools.length > 0 || call.request.reasoning !== undefined
}

/** What is done with an answer once the client has been served. */
export function keepReply(call: DecidedCall, model: string | null, reply: (() => Reply) | null, ports: RouterParts): void {
  let text: string | null = null
  try {
    const whole = reply === null ? null : reply()
    if (whole !== null && model !== null) ports.signers.remember(whole, model)
    if (whole !== null && stores(call)) text = JSON.stringify(whole)
  } catch (error) {
    ports.report(error, call.id)
  }
  if (stores(call)) ports.ledger.bodies(call.id, call.conversation.messages, text)
}
