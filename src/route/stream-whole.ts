import type { Answer } from '../upstream/index.js'
import { eventsOfReply, needWhole, restoreNames, withoutExtras } from '../wire/index.js'
import { type Arriving, wholeDelivery } from './deliver-json.js'
import { STREAM_HEADERS } from './deliver-stream.js'
import { endOfStream } from './metadata.js'
import { readAnswer } from './read-answer.js'
import { replyContext } from './reply-context.js'

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
