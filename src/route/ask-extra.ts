import type { Reply, Request } from '../canonical/index.js'
import type { AttemptPurpose } from '../ledger/types.js'
import { codecFor } from '../wire/index.js'
import { type Asked, askOnce, type Question } from './ask-once.js'
import type { DecidedCall } from './call.js'
import { judgeFailure } from './judge-failure.js'
import type { RouterPorts } from './router-ports.js'
import type { PoolModel } from './setup.js'

interface ExtraQuestion extends Pick<Question<Reply>, 'n' | 'inputTokens' | 'leftMs'> {
  readonly purpose: Extract<AttemptPurpose, 'judge' | 'shadow' | 'verify'>
  readonly request: Request
}

/** Asks a model once in addition to the call it belongs to. Null: not asked. */
export async function askExtra(
  { inbound, live, policy }: DecidedCall,
  model: PoolModel,
  { request, ...extra }: ExtraQuestion,
  ports: RouterPorts,
): Promise<Asked<Reply> | null> {
  const { rev } = model
  // The client of a judged call may disconnect; nobody waits for a shadow.
  const isWaitedFor = extra.purpose === 'judge'
  const codec = codecFor(rev.wire)
  const target = { name: rev.name, accepts: rev.accepts, keepsReasoning: false, clampOutput: null }
  const question: Question<Reply> = {
    ...extra,
    codec,
    body: () => codec.writeRequest({ ...request, stream: false }, target).body,
    read: codec.readReply,
    timeouts: policy.timeouts,
    inbound,
    begun(flight) {
      if (!isWaitedFor) return
      live.flight = flight
      if (live.gone !== null) flight.cancel(live.gone)
    },
    judge(failed) {
      const verdict = judgeFailure({ ...failed, afterSend: 'never' })
      // A model that cannot be asked this way may still serve clients: their own credential is used for nothing else.
      return failed.unsent ? { ...verdict, health: { kind: 'neutral' } } : verdict
    },
  }
  const asked = await askOnce(model, question, ports)
  if (isWaitedFor) live.flight = null
  return asked
}
