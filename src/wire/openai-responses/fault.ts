import type { Fault } from '../../kit/index.js'
import { encodeSse } from '../../kit/index.js'
import type { ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { errorBody } from '../openai-fault.js'
import { responseOf } from './output-item.js'

/** `response.failed` names what Codex knows how to wait out; other faults keep the provider's word or are `server_error`. */
function failure(fault: Fault): Json {
  const { message, code } = errorBody(fault)
  return { code: code ?? 'server_error', message }
}

/** An error inside a stream, as OpenAI sends it: an `error` event, then the response as failed. */
export function writeFailure(fault: Fault, context: ReplyContext | null, fields: Json, sequence: number): string {
  const { message, code, param } = errorBody(fault)
  const failed = { status: 'failed', error: failure(fault), ...fields }
  const response = context === null ? { object: 'response', output: [], ...failed } : responseOf(context, failed)
  return (
    encodeSse(JSON.stringify({ type: 'error', sequence_number: sequence, code, message, param }), 'error') +
    encodeSse(JSON.stringify({ type: 'response.failed', sequence_number: sequence + 1, response }), 'response.failed')
  )
}
