import { Fault } from '../kit/index.js'
import { THREAD_REFUSED } from '../wire/index.js'
import type { ReadCall } from './read-call.js'
import type { CallTarget } from './resolve-target.js'

/**
 * Throws for a request that goes on with what a vendor keeps (an earlier response, a conversation, a thread, a container) when it would go
 * to a model elsewhere, which would answer without the rest. A thread is refused where the model is ours to choose, too: told so by this
 * name, the tool runner of Anthropic's SDK (1.11, which keeps threads unless told not to) sends the whole conversation, and any model may answer.
 */
export function refuseKept({ inbound, request }: Pick<ReadCall, 'inbound' | 'request'>, { pinned }: CallTarget): void {
  const thread = inbound.format === 'anthropic-messages' && request.extra?.thread != null
  const elsewhere = pinned !== null && !(pinned.rev.wires ?? [pinned.rev.wire]).includes(inbound.format)
  const kept = thread || (request.needs?.length ?? 0) > 0
  if (!(kept && elsewhere) && !(thread && pinned === null)) return
  throw new Fault(
    'E_BAD_REQUEST',
    `the request goes on with what its vendor keeps, which ${pinned?.rev.id ?? 'another model'} cannot see`,
    {
      hint: 'Send the whole conversation, or name a model of that vendor.',
      ...(thread ? { param: 'thread', upstreamType: THREAD_REFUSED } : {}),
      final: true,
    },
  )
}
