import { asFault } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import {
  type DecidedCall,
  decideCall,
  type Inbound,
  NOWHERE,
  type PoolModel,
  understandCall,
  type WrittenRequest,
  writeUpstream,
} from '../route/index.js'
import { nextStep } from './choose-step.js'
import { type BatchContext, goTo, type Job, specOf } from './context.js'
import { type FailedHow, failLine } from './end-line.js'

/** A line as the call it is: read, judged and decided under its own id. Throws a Fault for one that cannot be understood. */
export function decideLine(job: Job, line: BatchLineRow, context: BatchContext): DecidedCall {
  const { parts } = context
  const understood = understandCall(inboundOf(job, line, context), parts.setup())
  return decideCall({ id: line.call, outlet: NOWHERE, understood }, parts)
}

function inboundOf({ terms, deadlineAt }: Job, line: BatchLineRow, { parts: { clock } }: BatchContext): Inbound {
  const { format, action, urlModel } = specOf(line)
  const { profile, tags, key, client } = terms
  return {
    format,
    action,
    headers: {
      'user-agent': client,
      'x-llmroute-deadline': `${Math.max(1, deadlineAt - clock.now())}ms`,
      ...(profile === null ? {} : { 'x-llmroute-profile': profile }),
      ...(tags.length === 0 ? {} : { 'x-llmroute-tags': tags.join(',') }),
      // Lines of a job are no conversation.
      'x-llmroute-session': `batch:${line.call}`,
    },
    body: Buffer.from(line.request),
    ...(urlModel === undefined ? {} : { urlModel, urlStream: false }),
    arrived: clock.monotonic(),
    key,
    mayBatch: true,
  }
}

/** The call of a line that was decided before. Null when it can be decided no more, as when the model that it names was taken away: it has failed then. */
export async function decideAgain(job: Job, line: BatchLineRow, context: BatchContext, how: FailedHow = {}): Promise<DecidedCall | null> {
  try {
    return decideLine(job, line, context)
  } catch (error) {
    const fault = asFault(error)
    if (fault.code === 'E_INTERNAL') context.parts.report(error, line.call)
    await failLine(line, null, fault, null, context, how)
    return null
  }
}

/**
 * A line's request for one model. Null when the model's format cannot express it: the line then continues along its plan, and nothing was
 * sent.
 */
export async function writeOrSkip(
  line: BatchLineRow,
  call: DecidedCall,
  model: PoolModel,
  context: BatchContext,
): Promise<WrittenRequest | null> {
  try {
    return writeLine(call, model, context)
  } catch (error) {
    const next = nextStep(line, line.step + 1)
    if (next.kind === 'over') await failLine(line, call, asFault(error), null, context)
    else await goTo(line, next.step, context)
    return null
  }
}

/** The request of a line for one model. The same line gives the same request again, so that a result can be read after a restart. */
export function writeLine(call: DecidedCall, model: PoolModel, { parts }: BatchContext): WrittenRequest {
  const last = call.input.endogenous.lastModel
  const id = model.rev.of ?? model.rev.id
  return writeUpstream(call, model, {
    clampOutput: call.plan.clampOutput,
    keepsReasoning: last === null || last === id,
    signedHere: parts.signers.made(call.request, id),
    timeouts: call.policy.timeouts,
  })
}
