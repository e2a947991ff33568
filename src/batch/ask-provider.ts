import { Fault } from '../kit/index.js'
import type { PoolModel } from '../route/index.js'
import { readWhole } from '../upstream/index.js'
import { codecFor } from '../wire/index.js'
import type { Desk } from './desk.js'
import type { Send } from './providers/batch-api.js'

/** Uploads and downloads are large, and made without anyone waiting. */
const TIMEOUTS = { connectMs: 30_000, firstByteMs: 300_000, idleMs: 60_000 } as const
/** Longest results of one batch, bytes. */
const MOST_BYTES = 512 * 1024 * 1024

/** Requests to the batch API of a model's provider, with its credential. */
export function sendTo({ rev, access }: PoolModel, { parts }: Desk): Send {
  return async ({ method, path, type = 'application/json', body = '' }) => {
    const key = access.credential()
    if (key === null && access.auth === 'key') throw new Fault('E_AUTH', `there is no key for ${access.id}`, { final: true })
    const headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'llmroute',
      ...(method === 'GET' ? {} : { 'content-type': type }),
      ...(key === null ? {} : codecFor(rev.wire).authHeaders(key)),
      ...access.headers,
    }
    const flight = parts.dispatch(rev)({ baseURL: access.baseURL, method, path, headers, body, timeouts: TIMEOUTS })
    const answer = await flight.answer
    const bytes = await readWhole(answer, flight.cancel, MOST_BYTES)
    return { status: answer.status, headers: answer.headers, text: bytes.toString('utf8') }
  }
}
