import { Fault } from '../kit/index.js'
import { type Answer, type Flight, readWhole } from '../upstream/index.js'
import { withoutExtras } from '../wire/index.js'
import type { Delivery } from './attempt.js'
import type { DecidedCall } from './call.js'
import { keepsReply } from './keep-reply.js'
import { type Metadata, withMetadata } from './metadata.js'
import { replyContext } from './reply-context.js'
import type { WrittenRequest } from './write-upstream.js'

/** Settles the call; what it returns goes to the client with the answer. */
export type Finish = (delivery: Delivery) => Promise<Finished>

export interface Finished {
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Metadata | null
}

/** Passes a whole answer on. Throws a Fault while nothing has been written. */
export async function deliverJson(
  call: DecidedCall,
  written: WrittenRequest,
  flight: Flight,
  answer: Answer,
  leftMs: number,
  finish: Finish,
): Promise<void> {
  const bytes = await readInTime(answer, flight, leftMs)
  const body = parseAnswer(bytes, answer, written)
  const usage = written.codec.readUsage(body)
  const reply = () => written.codec.readReply(body)
  let out: Uint8Array | string = bytes
  let own: Readonly<Record<string, unknown>> | null = null
  if (!written.relayed) {
    const foreign = written.codec.format !== call.codec.format
    own = call.codec.writeReply(foreign ? withoutExtras(reply()) : reply(), replyContext(call))
    out = JSON.stringify(own)
  }
  const done = await finish({
    outcome: 'ok',
    usage,
    outputChars: bytes.length,
    finish: null,
    fault: null,
    reply: keepsReply(call) ? reply : null,
  })
  if (done.metadata !== null) out = JSON.stringify(withMetadata(own ?? (body as Readonly<Record<string, unknown>>), done.metadata))
  call.outlet.head(200, { 'content-type': 'application/json', ...done.headers })
  call.outlet.end(out)
}

/** A body that drips is given up at the call's deadline: nothing was written yet, so another model may still answer. */
async function readInTime(answer: Answer, flight: Flight, leftMs: number): Promise<Buffer> {
  const late = setTimeout(() => flight.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the answer was not complete at the deadline')), leftMs)
  try {
    return await readWhole(answer, flight.cancel)
  } finally {
    clearTimeout(late)
  }
}

/** The answer's JSON. Throws for an error status, for what is not JSON, and for an error dressed as a success. */
function parseAnswer(bytes: Buffer, answer: Answer, { codec }: WrittenRequest): unknown {
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, bytes.toString('utf8', 0, 2000))
    const type = answer.headers['content-type'] ?? 'no content type'
    throw new Fault('E_UPSTREAM', `the provider answered with something that is not JSON (${type})`, { cause })
  }
  if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body)
  if (typeof body !== 'object' || body === null) throw new Fault('E_UPSTREAM', 'the provider answered with an empty value')
  // Some gateways answer 200 with an error inside.
  if ('error' in body && typeof body.error === 'object' && body.error !== null) throw codec.readFault(502, answer.headers, body)
  return body
}
