import { type Reply, storedTerms } from '../canonical/index.js'
import { digest } from '../kit/index.js'
import type { StoredMessage } from '../ledger/types.js'
import type { DecidedCall } from './call.js'
import { mayNameItems } from './kept-items.js'
import { noteOutcome, outcomesOfReply } from './outcomes.js'
import type { RouterParts } from './router-ports.js'

function stores({ setup, wishes }: DecidedCall): boolean {
  return setup.storeBodies && wishes.store
}

/**
 * Whether the answer is still needed after the client has it: to be stored, because the conversation may return its signatures, because its
 * form can be checked, or because a judge reads it first.
 */
export function keepsReply(call: DecidedCall): boolean {
  const { tools, reasoning, output } = call.request
  const isJudged = call.plan.steps[0]?.gate !== undefined
  return stores(call) || isJudged || mayNameItems(call) || tools.length > 0 || reasoning !== undefined || output !== undefined
}

/** What is done with an answer after the client has been served. */
export function keepReply(call: DecidedCall, model: string | null, reply: (() => Reply) | null, ports: RouterParts): void {
  let text: string | null = null
  try {
    const whole = reply === null ? null : reply()
    if (whole !== null && model !== null) {
      ports.signers.remember(whole, model)
      if (mayNameItems(call)) ports.items.remember(call, whole, model)
      for (const kind of outcomesOfReply(call.request, whole)) noteOutcome(call.id, kind, { call, model }, ports)
    }
    if (whole !== null && stores(call)) text = JSON.stringify(whole)
  } catch (error) {
    ports.report(error, call.id)
  }
  if (stores(call)) ports.ledger.bodies(call.id, [...call.conversation.messages, termsOf(call)], text)
}

/** Parameters besides the messages; most calls of a client have the same ones and share one entry. */
function termsOf({ request }: DecidedCall): StoredMessage {
  const json = storedTerms(request)
  return { digest: digest(json), json }
}
