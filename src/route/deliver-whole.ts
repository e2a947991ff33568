import type { Reply, Usage } from '../canonical/index.js'
import type { Answer, Flight } from '../upstream/index.js'
import { eventsOfReply, needWhole, restoreNames, withoutExtras } from '../wire/index.js'
import type { Delivery } from './attempt.js'
import { type DecidedCall, replyContext } from './call.js'
import { keepsReply } from './keep-reply.js'
import { endOfStream, type Metadata, withMetadata } from './metadata.js'
import { unreportedChars } from './price-usage.js'
import { readAnswer, type WholeAnswer } from './read-answer.js'
import { STREAM_HEADERS } from './response-headers.js'
import type { WrittenRequest } from './write-upstream.js'

/** Settles the call; what it returns goes to the client with the answer. */
type Finish = (delivery: Delivery) => Promise<Finished>

export interface Finished {
  /** Made for this answer: it may be added to. */
  readonly headers: Record<string, string>
  readonly metadata: Metadata | null
}

/** An answer that has begun to arrive, and what becomes of it. */
export interface Arriving {
  readonly call: DecidedCall
  readonly written: WrittenRequest
  readonly flight: Flight
  readonly answer: Answer
  /** Milliseconds until the call's deadline, which holds until something is written. */
  readonly leftMs: number
  /** Of a stream, known before it starts. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly finish: Finish
  /** Called with what an answer cost that is not delivered. */
  readonly spent: (usage: Usage) => void
}

/** The delivery of an answer that came in one piece. */
function wholeDelivery({ call, written }: Arriving, { bytes, body }: WholeAnswer, reply: () => Reply): Delivery {
  const usage = written.codec.readUsage(body)
  const outputChars = unreportedChars(usage, reply, bytes.length)
  return { outcome: 'ok', usage, outputChars, finish: null, fault: null, reply: keepsReply(call) ? reply : null }
}

/** Passes a complete answer on. Throws a Fault while nothing has been written. */
export async function deliverJson(arriving: Arriving): Promise<void> {
  const { call, written, flight, answer, leftMs, finish, spent } = arriving
  const whole = await readAnswer(answer, flight, leftMs, written.codec, spent)
  const { bytes, body } = whole
  const reply = () => restoreNames(written.codec.readReply(body), written.names)
  let out: Uint8Array | string = bytes
  let own: Readonly<Record<string, unknown>> | null = null
  if (!written.relayed) {
    const foreign = written.codec.format !== call.codec.format
    const said = needWhole(reply(), spent)
    own = call.codec.writeReply(foreign ? withoutExtras(said) : said, replyContext(call))
    out = JSON.stringify(own)
  }
  const done = await finish(wholeDelivery(arriving, whole, reply))
  if (done.metadata !== null) out = JSON.stringify(withMetadata(own ?? (body as Readonly<Record<string, unknown>>), done.metadata))
  done.headers['content-type'] = 'application/json'
  call.outlet.head(200, done.headers)
  call.outlet.end(out)
}

/** Whether a provider that was asked to stream answers in one piece, as some servers do with tools or a schema. */
export function cameWhole(answer: Answer): boolean {
  return answer.status < 400 && /^application\/json\b/i.test(answer.headers['content-type'] ?? '')
}

/** Passes a complete answer on as the stream the client asked for. Throws a Fault while nothing has been written. */
export async function streamWhole(arriving: Arriving): Promise<void> {
  const { call, written, flight, answer, leftMs, headers, finish, spent } = arriving
  const { codec, names } = written
  const whole = await readAnswer(answer, flight, leftMs, codec, spent)
  const reply = needWhole(restoreNames(codec.readReply(whole.body), names), spent)
  const events = eventsOfReply(codec.format === call.codec.format ? reply : withoutExtras(reply))
  const writer = call.codec.eventWriter(replyContext(call))
  const stream = events.map((event) => writer.write(event)).join('')
  const done = await finish(wholeDelivery(arriving, whole, () => reply))
  call.outlet.head(200, { ...STREAM_HEADERS, ...headers(), ...done.headers })
  call.outlet.end(endOfStream(stream, done.metadata, call.inbound.format))
}
