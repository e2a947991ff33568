import { type DecidedCall, type PoolModel, type WrittenRequest, writeUpstream } from '../route/index.js'
import type { Desk } from './desk.js'

/** The request of a line for one model. The same line gives the same request again, so that a result can be read after a restart. */
export function writeLine(call: DecidedCall, model: PoolModel, { parts }: Desk): WrittenRequest {
  const last = call.input.endogenous.lastModel
  const id = model.rev.of ?? model.rev.id
  return writeUpstream(call, model, {
    clampOutput: call.plan.clampOutput,
    keepsReasoning: last === null || last === id,
    signedHere: parts.signers.made(call.request, id),
    timeouts: call.policy.timeouts,
  })
}
