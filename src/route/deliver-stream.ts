import { asBuffer, Fault } from '../kit/index.js'
import type { Arriving } from './deliver-json.js'
import { keepsReply } from './keep-reply.js'
import { endOfStream } from './metadata.js'
import { rejectAnswer } from './reject-answer.js'
import { startPings } from './start-pings.js'
import type { StreamPass } from './stream-pass.js'

/** How long a provider may keep the connection open after its last event before it is closed, and the stream is ended for the client. */
const LINGER_MS = 1000
/**
 * How long the heading of an answer waits for its first words, milliseconds: a provider that fails right after it (OpenAI and Anthropic when
 * overloaded, OpenRouter after comments) can still be replaced. Longer, and clients and proxies take the silence for a dead connection.
 */
const HEADING_MS = 10_000
/** Longest event that is held in memory, bytes. */
const MOST_WAITING = 16 * 1024 * 1024
export const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

/**
 * Passes a stream on, event by event and with backpressure. The call is settled before the client gets the event that ends it.
 * Throws a Fault while nothing has been written; afterwards errors go into the stream.
 */
export async function deliverStream(arriving: Arriving, pass: StreamPass): Promise<void> {
  const { call, written, flight, answer, leftMs, headers, finish, spent } = arriving
  await rejectAnswer(answer, written.codec, flight, leftMs)
  const { outlet } = call
  let started = false
  let refused: Fault | null = null
  // Bytes of an incomplete event.
  let waiting = 0
  // What ends the answer, kept back until the row is committed.
  let held = ''
  // What comes before the first words.
  const heading: (Uint8Array | string)[] = []
  let headingLate: NodeJS.Timeout | undefined
  let sawLast: () => void = () => {}
  const lastEvent = new Promise<void>((resolve) => {
    sawLast = resolve
  })
  const late = setTimeout(() => flight.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the answer had not begun before the deadline')), leftMs)
  const start = (): void => {
    if (started) return
    clearTimeout(late)
    clearTimeout(headingLate)
    started = true
    outlet.head(200, Object.assign(headers(), STREAM_HEADERS))
    for (const piece of heading) outlet.write(piece)
  }

  const pings = startPings(pass, (text) => {
    start()
    outlet.write(text)
  })
  outlet.onDrain(() => answer.resume())
  const body = answer
    .consume((chunk) => {
      const step = pass.push(asBuffer(chunk))
      if (step.error !== null && !started) {
        refused = step.error
        flight.cancel(step.error)
        return true
      }
      held += step.tail
      if (pass.done) sawLast()
      if (step.out.length === 0) {
        waiting += chunk.length
        if (waiting > MOST_WAITING) flight.cancel(new Fault('E_UPSTREAM', 'the provider sent an event without end'))
        return true
      }
      waiting = 0
      pings.spoke()
      if (!started && !pass.begun) {
        heading.push(step.out)
        headingLate ??= setTimeout(start, HEADING_MS)
        return true
      }
      start()
      return outlet.write(step.out)
    })
    .then(
      () => null,
      (fault: Fault) => fault,
    )
  let fault = await Promise.race([body, lastEvent.then(() => Promise.race([body, linger()]))])
  clearTimeout(late)
  clearTimeout(headingLate)
  pings.stop()
  if (refused !== null) {
    spent(pass.seen().usage)
    throw refused
  }
  if (pass.done) {
    // Of no effect on a connection that has ended by itself; one that is kept open by comments would stay for ever.
    flight.cancel(new Fault('E_CANCELLED', 'the answer was complete'))
    fault = null
  } else if (fault === null) {
    const last = pass.end()
    held = (typeof last.out === 'string' ? last.out : Buffer.from(last.out).toString('utf8')) + last.tail + held
    fault = last.error
  }
  if (fault !== null && !started && fault.code !== 'E_CANCELLED') {
    spent(pass.seen().usage)
    throw fault
  }
  const cut = fault?.code === 'E_CANCELLED' ? 'cancelled' : 'cut'
  const done = await finish({
    ...pass.seen(),
    outcome: fault !== null ? cut : pass.passedError ? 'error' : 'ok',
    fault,
    reply: keepsReply(call) ? pass.reply : null,
  })
  if (call.live.gone !== null) return
  start()
  const told = fault === null ? null : describeCut(fault)
  const error = told === null ? '' : (pass.fail?.(told) ?? call.codec.writeStreamFault(told))
  outlet.end(endOfStream(held, done.metadata, call.inbound.format) + error)
}

function describeCut(fault: Fault): Fault {
  return new Fault(fault.code, `the answer was cut short: ${fault.message}`, { status: fault.status, cause: fault })
}

function linger(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, LINGER_MS, null).unref())
}
