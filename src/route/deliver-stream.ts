import { asBuffer, Fault } from '../kit/index.js'
import type { Arriving } from './deliver-whole.js'
import { keepsReply } from './keep-reply.js'
import { endOfStream } from './metadata.js'
import { needStream } from './read-answer.js'
import { STREAM_HEADERS } from './response-headers.js'
import type { StreamPass } from './stream-pass.js'

/** How long a provider may keep the connection open after its last event before it is closed, and the stream is ended for the client. */
const LINGER_MS = 1000
const COMPLETE = new Fault('E_CANCELLED', 'the answer was complete')
/**
 * How long the heading of an answer waits for its first words, milliseconds: a provider that fails right after it (OpenAI and Anthropic when
 * overloaded, OpenRouter after comments) can still be replaced. Longer, and clients and proxies take the silence for a dead connection.
 */
const HEADING_MS = 10_000
/** Pieces of a heading that are held meanwhile, 64 KiB at most each: a provider that says nothing at length does not fill the memory. */
const HEADING_PIECES = 64
/** Silence after which a client gets a ping, milliseconds: vendors that send pings do so every ten to fifteen seconds. */
const QUIET_MS = 12_000
/** Longest event that is held in memory, bytes. */
const MOST_WAITING = 16 * 1024 * 1024

/** An answer on its way through. */
interface Passage {
  readonly arriving: Arriving
  readonly pass: StreamPass
  /** Something has gone to the client: no other model can take over. */
  started: boolean
  /** What comes before the first words, while they are waited for. */
  readonly heading: (Uint8Array | string)[]
  headingLate: NodeJS.Timeout | undefined
  /** Ends the attempt at the call's deadline if nothing has gone to the client by then. */
  late: NodeJS.Timeout | undefined
  /** Nothing was written since the last look at it. */
  quiet: boolean
  /** Bytes of an incomplete event. */
  waiting: number
  /** What ends the answer, kept back until the row is committed. */
  held: string
  /** The provider's own error, when it came before anything had gone to the client. */
  refused: Fault | null
}

/**
 * Passes a stream on, event by event and with backpressure. The call is settled before the client gets the event that ends it.
 * Throws a Fault while nothing has been written; afterwards errors go into the stream.
 */
export async function deliverStream(arriving: Arriving, pass: StreamPass): Promise<void> {
  const { written, flight, answer, leftMs } = arriving
  await needStream(answer, flight, leftMs, written.codec)
  const passage: Passage = {
    arriving,
    pass,
    started: false,
    heading: [],
    headingLate: undefined,
    late: undefined,
    quiet: false,
    waiting: 0,
    held: '',
    refused: null,
  }
  const fault = endOf(passage, await passOn(passage))
  if (fault !== null && !passage.started && fault.code !== 'E_CANCELLED') {
    arriving.spent(pass.seen().usage)
    throw fault
  }
  await settleAndEnd(passage, fault)
}

/** Everything up to the last event. Resolves to what ended the stream before its time. */
async function passOn(passage: Passage): Promise<Fault | null> {
  const { arriving, pass } = passage
  const { flight, answer, leftMs, call } = arriving
  const late = (): void => flight.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the answer had not begun before the deadline'))
  passage.late = setTimeout(late, leftMs)
  const pings = pass.ping === undefined ? undefined : setInterval(ping, QUIET_MS / 2, passage).unref()
  call.outlet.onDrain(() => answer.resume())
  let linger: NodeJS.Timeout | undefined
  const fault = await answer
    .consume((chunk) => {
      const goOn = take(passage, asBuffer(chunk))
      if (pass.done) linger ??= setTimeout(() => flight.cancel(COMPLETE), LINGER_MS)
      return goOn
    })
    .then(
      () => null,
      (fault: Fault) => fault,
    )
  clearTimeout(linger)
  clearTimeout(passage.late)
  clearTimeout(passage.headingLate)
  clearInterval(pings)
  return fault
}

/** Gives a sign of life while a provider that has begun its answer is silent: a model may think for minutes. */
function ping(passage: Passage): void {
  const text = passage.quiet ? (passage.pass.ping?.() ?? '') : ''
  passage.quiet = true
  if (text === '') return
  start(passage)
  passage.arriving.call.outlet.write(text)
}

/** One piece of the answer. False asks for a pause. */
function take(passage: Passage, chunk: Buffer): boolean {
  const { arriving, pass } = passage
  // Pieces that came together with the error are not the answer's: another model may give it.
  if (passage.refused !== null) return true
  const step = pass.push(chunk)
  if (step.error !== null && !passage.started) {
    passage.refused = step.error
    arriving.flight.cancel(step.error)
    return true
  }
  if (step.tail !== '') passage.held += step.tail
  if (step.out.length === 0) {
    passage.waiting += chunk.length
    if (passage.waiting > MOST_WAITING) arriving.flight.cancel(new Fault('E_UPSTREAM', 'the provider sent an event without end'))
    return true
  }
  passage.waiting = 0
  passage.quiet = false
  if (!passage.started && !pass.begun && passage.heading.length < HEADING_PIECES) {
    passage.heading.push(step.out)
    passage.headingLate ??= setTimeout(start, HEADING_MS, passage)
    return true
  }
  start(passage)
  return arriving.call.outlet.write(step.out)
}

function start(passage: Passage): void {
  if (passage.started) return
  passage.started = true
  clearTimeout(passage.late)
  clearTimeout(passage.headingLate)
  const { call, headers } = passage.arriving
  call.outlet.head(200, Object.assign(headers(), STREAM_HEADERS))
  for (const piece of passage.heading) call.outlet.write(piece)
}

/** What is wrong with an answer that has ended; null for a whole one. */
function endOf(passage: Passage, fault: Fault | null): Fault | null {
  const { pass, refused } = passage
  if (refused !== null) return refused
  if (pass.done) return null
  if (fault?.code === 'E_CANCELLED') return fault
  const last = pass.end()
  // A server may break off instead of closing, after it has said how the answer ended: asked again, it would be paid twice.
  if (fault !== null && last.error !== null) return fault
  passage.held = (typeof last.out === 'string' ? last.out : Buffer.from(last.out).toString('utf8')) + last.tail + passage.held
  return last.error
}

async function settleAndEnd(passage: Passage, fault: Fault | null): Promise<void> {
  const { arriving, pass, held } = passage
  const { call, finish } = arriving
  const cut = fault?.code === 'E_CANCELLED' ? 'cancelled' : 'cut'
  const done = await finish({
    ...pass.seen(),
    outcome: fault !== null ? cut : pass.passedError ? 'error' : 'ok',
    fault,
    reply: keepsReply(call) ? pass.reply : null,
  })
  if (call.live.gone !== null) return
  start(passage)
  const told = fault === null ? null : describeCut(fault)
  const error = told === null ? '' : (pass.fail?.(told) ?? call.codec.writeStreamFault(told))
  call.outlet.end(endOfStream(held, done.metadata, call.inbound.format) + error)
}

function describeCut(fault: Fault): Fault {
  return new Fault(fault.code, `the answer was cut short: ${fault.message}`, { status: fault.status, cause: fault })
}
