import type { Usage } from '../canonical/index.js'
import type { Answer, Flight } from '../upstream/index.js'
import { needWhole, restoreNames, withoutExtras } from '../wire/index.js'
import type { Delivery } from './attempt.js'
import type { DecidedCall } from './call.js'
import { keepsReply } from './keep-reply.js'
import { type Metadata, withMetadata } from './metadata.js'
import { readAnswer } from './read-answer.js'
import { replyContext } from './reply-context.js'
import type { WrittenRequest } from './write-upstream.js'

/** Settles the call; what it returns goes to the client with the answer. */
export type Finish = (delivery: Delivery) => Promise<Finished>

export interface Finished {
  /** Made for this answer: it may be added to. */
  readonly headers: Record<string, string>
  readonly metadata: Metadata | null
}

/** Passes a complete answer on. Throws a Fault while nothing has been written. */
export async function deliverJson(
  call: DecidedCall,
  written: WrittenRequest,
  flight: Flight,
  answer: Answer,
  leftMs: number,
  finish: Finish,
  spent: (usage: Usage) => void,
): Promise<void> {
  const { bytes, body } = await readAnswer(answer, flight, leftMs, written.codec)
  const usage = written.codec.readUsage(body)
  const reply = () => restoreNames(written.codec.readReply(body), written.names)
  let out: Uint8Array | string = bytes
  let own: Readonly<Record<string, unknown>> | null = null
  if (!written.relayed) {
    const foreign = written.codec.format !== call.codec.format
    const whole = needWhole(reply(), spent)
    own = call.codec.writeReply(foreign ? withoutExtras(whole) : whole, replyContext(call))
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
  done.headers['content-type'] = 'application/json'
  call.outlet.head(200, done.headers)
  call.outlet.end(out)
}
