import type { Usage } from '../canonical/index.js'
import { Fault, parseJson } from '../kit/index.js'
import { type Answer, type Flight, readWhole } from '../upstream/index.js'
import { type Codec, isErrorInside } from '../wire/index.js'

export interface WholeAnswer {
  readonly bytes: Buffer
  readonly body: unknown
}

type Spent = (usage: Usage) => void

/** An answer that came in one piece. Throws a Fault when it is an error, is not JSON, or is late; `spent` hears what JSON without an answer cost. */
export async function readAnswer(answer: Answer, flight: Flight, leftMs: number, codec: Codec, spent?: Spent): Promise<WholeAnswer> {
  const bytes = await readInTime(answer, flight, leftMs)
  const body = readBody(bytes, answer, codec)
  if (body === undefined) {
    const type = answer.headers['content-type'] ?? 'no content type'
    throw new Fault('E_UPSTREAM', `the provider answered with something that is not JSON (${type})`)
  }
  needReply(body, answer, codec, spent)
  return { bytes, body }
}

/** Throws for an error dressed as a success, and for JSON that holds no answer; `spent` hears what the latter cost. */
export function needReply(body: unknown, { status, headers }: Pick<Answer, 'status' | 'headers'>, codec: Codec, spent?: Spent): void {
  if (isErrorInside(body)) throw codec.readFault(status, headers, body)
  if (codec.isReply(body)) return
  spent?.(codec.readUsage(body))
  throw new Fault('E_UPSTREAM', 'the provider answered with JSON that holds no answer', {
    hint: "Check the provider's wire format and baseURL.",
  })
}

/** Longest error body that is read, bytes. */
const MOST_ERROR = 1024 * 1024

/** Throws when an answer that should stream is an error, or is no stream, or does not say which within `leftMs`. */
export async function needStream(answer: Answer, flight: Flight, leftMs: number, codec: Codec): Promise<void> {
  const type = answer.headers['content-type'] ?? ''
  if (answer.status < 400 && /event-stream/i.test(type)) return
  const body = readBody(await readInTime(answer, flight, leftMs, MOST_ERROR), answer, codec)
  if (isErrorInside(body)) throw codec.readFault(answer.status, answer.headers, body)
  throw new Fault('E_UPSTREAM', `the provider answered with ${type === '' ? 'no content type' : type} instead of a stream`)
}

/** A body that arrives too slowly is abandoned at the call's deadline: nothing was written yet, so another model may still answer. */
async function readInTime(answer: Answer, flight: Flight, leftMs: number, limit?: number): Promise<Buffer> {
  const late = setTimeout(() => flight.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the answer was not complete at the deadline')), leftMs)
  try {
    return await readWhole(answer, flight.cancel, limit)
  } finally {
    clearTimeout(late)
  }
}

/** The answer's JSON; undefined for what is none. Throws for a redirect and an error status. */
function readBody(bytes: Buffer, answer: Answer, codec: Codec): unknown {
  refuseRedirect(answer)
  const text = bytes.toString('utf8')
  const body = parseJson(text)
  if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body === undefined ? text.slice(0, 2000) : body)
  return body
}

/** Throws for a redirect: followed, it would take the key and the prompt to an address that the configuration does not name. */
function refuseRedirect({ status, headers }: Answer): void {
  if (status < 300 || status >= 400) return
  const to = headers.location === undefined ? '' : ` to ${headers.location.slice(0, 200)}`
  throw new Fault('E_UPSTREAM', `the provider redirects${to} (status ${status})`, {
    hint: 'Set the baseURL of this provider to the address that answers.',
  })
}
