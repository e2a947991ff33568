import { Fault, parseJson } from '../kit/index.js'
import { type PoolModel, secretHider } from '../route/index.js'
import { readWhole } from '../upstream/index.js'
import { codecFor } from '../wire/index.js'
import type { BatchContext } from './context.js'
import type { BatchApi, Send } from './providers/batch-api.js'
import { batchApiOf } from './providers/index.js'

/** Uploads and downloads are large, and made without anyone waiting. */
const TIMEOUTS = { connectMs: 30_000, firstByteMs: 300_000, idleMs: 60_000 } as const
/** Longest results of one batch, bytes. */
const MOST_BYTES = 512 * 1024 * 1024

/** A configured model and its provider's batch API. */
interface BatchTarget {
  readonly model: PoolModel
  readonly api: BatchApi
  readonly send: Send
}

/** Null when the model is no longer configured, or its provider takes no batches. */
export function batchTarget(id: string, context: BatchContext): BatchTarget | null {
  const model = context.parts.setup().byId.get(id)
  const api = model === undefined ? null : batchApiOf(model.rev)
  return model === undefined || api === null ? null : { model, api, send: sendTo(model, context) }
}

/** Requests to the provider's batch API, with its credential; one that is refused, as after hours of waiting, is asked for again. */
function sendTo({ rev, access }: PoolModel, { parts }: BatchContext): Send {
  const codec = codecFor(rev.wire)
  const sendWith = async (key: string | null, { method, path, type = 'application/json', body = '' }: Parameters<Send>[0]) => {
    const headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'llmroute',
      ...(method === 'GET' ? {} : { 'content-type': type }),
      ...(key === null ? {} : codec.authHeaders(key)),
      ...access.headers,
    }
    const flight = parts.dispatch(rev)({ baseURL: access.baseURL, method, path, headers, body, timeouts: TIMEOUTS })
    const answer = await flight.answer
    const bytes = await readWhole(answer, flight.cancel, MOST_BYTES)
    const text = bytes.toString('utf8')
    return { status: answer.status, headers: answer.headers, text: answer.status < 400 ? text : secretHider(headers, access.headers)(text) }
  }
  return async (request) => {
    const key = access.credential()
    if (key === null && access.auth === 'key')
      throw new Fault('E_AUTH', `there is no key for ${access.id}`, { hint: '`llmroute doctor` says where it is looked for.', final: true })
    const answer = await sendWith(key, request)
    const { status, headers, text } = answer
    const refused = status >= 400 && codec.readFault(status, headers, parseJson(text) ?? text).code === 'E_AUTH'
    const renewed = refused && key !== null && (await access.renew?.(key)) === true
    return renewed ? sendWith(access.credential(), request) : answer
  }
}
