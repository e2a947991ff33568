import { Fault, parseJson } from '../kit/index.js'
import type { Answer, Flight } from '../upstream/index.js'
import { type Codec, isErrorInside } from '../wire/index.js'
import { readInTime } from './read-answer.js'
import { refuseRedirect } from './refuse-redirect.js'

/** Longest error body that is read, bytes. */
const MOST_ERROR = 1024 * 1024

/** Throws when an answer that should stream is an error, or is no stream, or does not say which within `leftMs`. */
export async function rejectAnswer(answer: Answer, codec: Codec, flight: Flight, leftMs: number): Promise<void> {
  const type = answer.headers['content-type'] ?? ''
  if (answer.status < 400 && /event-stream/i.test(type)) return
  const bytes = await readInTime(answer, flight, leftMs, MOST_ERROR)
  refuseRedirect(answer)
  const text = bytes.toString('utf8')
  const body = parseJson(text)
  if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body ?? text.slice(0, 2000))
  if (isErrorInside(body)) throw codec.readFault(answer.status, answer.headers, body)
  throw new Fault('E_UPSTREAM', `the provider answered with ${type === '' ? 'no content type' : type} instead of a stream`)
}
