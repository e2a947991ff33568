import type { Usage } from '../canonical/index.js'
import { Fault } from '../kit/index.js'
import { type Answer, type Flight, readWhole } from '../upstream/index.js'
import { type Codec, isErrorInside } from '../wire/index.js'
import { refuseRedirect } from './refuse-redirect.js'

export interface WholeAnswer {
  readonly bytes: Buffer
  readonly body: unknown
}

type Spent = (usage: Usage) => void

/** An answer that came in one piece. Throws a Fault when it is an error, is not JSON, or is late; `spent` hears what JSON without an answer cost. */
export async function readAnswer(answer: Answer, flight: Flight, leftMs: number, codec: Codec, spent?: Spent): Promise<WholeAnswer> {
  const bytes = await readInTime(answer, flight, leftMs)
  return { bytes, body: parseAnswer(bytes, answer, codec, spent) }
}

/** A body that arrives too slowly is abandoned at the call's deadline: nothing was written yet, so another model may still answer. */
export async function readInTime(answer: Answer, flight: Flight, leftMs: number, limit?: number): Promise<Buffer> {
  const late = setTimeout(() => flight.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the answer was not complete at the deadline')), leftMs)
  try {
    return await readWhole(answer, flight.cancel, limit)
  } finally {
    clearTimeout(late)
  }
}

/** The answer's JSON. Throws for an error status, for a redirect, for what is not JSON or no answer, and for an error dressed as a success. */
function parseAnswer(bytes: Buffer, answer: Answer, codec: Codec, spent?: Spent): unknown {
  refuseRedirect(answer)
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, bytes.toString('utf8', 0, 2000))
    const type = answer.headers['content-type'] ?? 'no content type'
    throw new Fault('E_UPSTREAM', `the provider answered with something that is not JSON (${type})`, { cause })
  }
  if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body)
  if (isErrorInside(body)) throw codec.readFault(answer.status, answer.headers, body)
  if (!codec.isReply(body)) {
    spent?.(codec.readUsage(body))
    throw new Fault('E_UPSTREAM', 'the provider answered with JSON that holds no answer', {
      hint: "Check the provider's wire format and baseURL.",
    })
  }
  return body
}
