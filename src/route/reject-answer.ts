import { Fault } from '../kit/index.js'
import { type Answer, type Flight, readWhole } from '../upstream/index.js'
import { type Codec, isErrorInside } from '../wire/index.js'

/** Longest error body that is read, bytes. */
const MOST_ERROR = 1024 * 1024

/** Throws when an answer that should stream is an error, or is no stream. */
export async function rejectAnswer(answer: Answer, codec: Codec, flight: Flight): Promise<void> {
  const type = answer.headers['content-type'] ?? ''
  if (answer.status < 400 && type.includes('event-stream')) return
  const bytes = await readWhole(answer, flight.cancel, MOST_ERROR)
  const text = bytes.toString('utf8')
  const body = parse(text)
  if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body ?? text.slice(0, 2000))
  if (isErrorInside(body)) throw codec.readFault(answer.status, answer.headers, body)
  throw new Fault('E_UPSTREAM', `the provider answered with ${type === '' ? 'no content type' : type} instead of a stream`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
