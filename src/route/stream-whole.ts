import type { Usage } from '../canonical/index.js'
import type { Answer, Flight } from '../upstream/index.js'
import { eventsOfReply, needWhole, restoreNames, withoutExtras } from '../wire/index.js'
import type { DecidedCall } from './call.js'
import type { Finish } from './deliver-json.js'
import { STREAM_HEADERS } from './deliver-stream.js'
import { keepsReply } from './keep-reply.js'
import { endOfStream } from './metadata.js'
import { readAnswer } from './read-answer.js'
import { replyContext } from './reply-context.js'
import type { WrittenRequest } from './write-upstream.js'

/** Whether a provider that was asked to stream answers in one piece, as some servers do with tools or a schema. */
export function cameWhole(answer: Answer): boolean {
  return answer.status < 400 && /^application\/json\b/.test(answer.headers['content-type'] ?? '')
}

/** Passes a complete answer on as the stream the client asked for. Throws a Fault while nothing has been written. */
export async function streamWhole(
  call: DecidedCall,
  { codec, names }: WrittenRequest,
  flight: Flight,
  answer: Answer,
  leftMs: number,
  headers: () => Readonly<Record<string, string>>,
  finish: Finish,
  spent: (usage: Usage) => void,
): Promise<void> {
  const { bytes, body } = await readAnswer(answer, flight, leftMs, codec)
  const reply = needWhole(restoreNames(codec.readReply(body), names), spent)
  const events = eventsOfReply(codec.format === call.codec.format ? reply : withoutExtras(reply))
  const writer = call.codec.eventWriter(replyContext(call))
  const stream = events.map((event) => writer.write(event)).join('')
  const done = await finish({
    outcome: 'ok',
    usage: codec.readUsage(body),
    outputChars: bytes.length,
    finish: null,
    fault: null,
    reply: keepsReply(call) ? () => reply : null,
  })
  call.outlet.head(200, { ...STREAM_HEADERS, ...headers(), ...done.headers })
  call.outlet.end(endOfStream(stream, done.metadata, call.inbound.format))
}
