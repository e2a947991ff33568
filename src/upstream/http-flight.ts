import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { type Clock, Fault, formatMs } from '../kit/index.js'
import { describeFailure, hostOf } from './describe-failure.js'
import type { Answer, Flight, Headers, Sink, UpstreamRequest } from './exchange.js'

/** Bytes held before the reader of the answer has come. */
const EARLY_BYTES = 65_536

/** One request over HTTP: undici reports to it what happens, and the reader of the answer is given the body. */
export class HttpFlight implements Flight, Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>
  readonly times: Flight['times'] = { sent: null, firstByte: null }
  private readonly request: UpstreamRequest
  private readonly clock: Clock
  private resolveAnswer: (answer: Answer) => void = () => {}
  private rejectAnswer: (fault: Fault) => void = () => {}
  private controller: Dispatcher.DispatchController | null = null
  private timer: NodeJS.Timeout | null = null
  private failure: Fault | null = null
  private status = 0
  private headers: Headers = {}
  private decoder: Transform | null = null
  private answered = false
  private ended = false
  /** Pieces that came before anyone asked for them; usually one. */
  private early: Uint8Array[] = []
  private earlyBytes = 0
  private sink: Sink | null = null
  private resolveBody: (() => void) | null = null
  private rejectBody: ((fault: Fault) => void) | null = null

  constructor(request: UpstreamRequest, clock: Clock) {
    this.request = request
    this.clock = clock
    this.answer = new Promise((resolve, reject) => {
      this.resolveAnswer = resolve
      this.rejectAnswer = reject
    })
  }

  send(dispatcher: Dispatcher): void {
    if (this.failure !== null) return
    const { baseURL, path, method, headers, body, timeouts } = this.request
    const { origin, prefix, query } = addressOf(baseURL)
    this.startTimer(timeouts.connectMs, 'did not accept a connection')
    dispatcher.dispatch(
      {
        origin,
        path: query === '' ? prefix + path : `${prefix}${path}${path.includes('?') ? '&' : '?'}${query}`,
        method: method ?? 'POST',
        headers: headers as Record<string, string>,
        body: body === '' ? null : (body as string | Buffer),
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      this,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.failure !== null) {
      controller.abort(this.failure)
      return
    }
    this.times.sent = this.clock.monotonic()
    this.startTimer(this.request.timeouts.firstByteMs, 'sent no first byte')
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, received: ReceivedHeaders): void {
    // An interim answer, such as 103 with its hints: the answer itself is still to come.
    if (status < 200) return
    this.status = status
    this.headers = joinHeaders(received)
    const coding = this.headers['content-encoding']
    if (coding === undefined) return
    const broken = `${hostOf(this.request.baseURL)} sent an answer whose ${coding} compression is broken`
    this.decoder = decoderOf(coding)
    this.decoder?.on('data', (chunk: Buffer) => this.pass(chunk))
    this.decoder?.on('end', () => this.end())
    this.decoder?.on('error', (cause) => this.cancel(new Fault('E_UPSTREAM', broken, { cause })))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.answered) this.timer?.refresh()
    else this.startTimer(this.request.timeouts.idleMs, 'sent nothing more')
    if (this.decoder === null) this.pass(chunk)
    else this.decoder.write(chunk)
    this.announce()
  }

  onResponseEnd(): void {
    this.stopTimer()
    if (this.decoder === null) this.end()
    else this.decoder.end()
    this.announce()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.cancel(describeFailure(error, this.request.baseURL, this.times.sent !== null))
  }

  /** Passed on without the flight. */
  readonly cancel = (fault: Fault): void => {
    if (this.ended) return
    this.ended = true
    this.failure = fault
    this.stopTimer()
    this.controller?.abort(fault)
    this.decoder?.destroy()
    if (this.answered) this.rejectBody?.(fault)
    else this.rejectAnswer(fault)
  }

  private announce(): void {
    if (this.answered) return
    this.answered = true
    this.times.firstByte = this.clock.monotonic()
    const { status, headers } = this
    this.resolveAnswer({ status, headers, consume: (sink) => this.consume(sink), resume: () => this.resume() })
  }

  private consume(sink: Sink): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sink = sink
      this.resolveBody = resolve
      this.rejectBody = reject
      let ready = true
      for (const chunk of this.early) ready = sink(chunk) && ready
      this.early = []
      if (this.failure !== null) reject(this.failure)
      else if (this.ended) resolve()
      else if (ready) this.resume()
      else this.hold()
    })
  }

  private pass(chunk: Uint8Array): void {
    if (this.sink === null) {
      this.early.push(chunk)
      this.earlyBytes += chunk.length
      if (this.earlyBytes > EARLY_BYTES) this.pause()
    } else if (!this.sink(chunk)) this.hold()
  }

  private end(): void {
    this.ended = true
    this.stopTimer()
    this.resolveBody?.()
  }

  /** The decoder too: a few compressed bytes may be a hundred megabytes. */
  private pause(): void {
    this.controller?.pause()
    this.decoder?.pause()
  }

  /** A client that does not read is no fault of the provider's: the clock stands still meanwhile. */
  private hold(): void {
    this.pause()
    this.stopTimer()
    this.timer = null
  }

  private resume(): void {
    if (this.ended) return
    if (this.timer === null) this.startTimer(this.request.timeouts.idleMs, 'sent nothing more')
    this.decoder?.resume()
    this.controller?.resume()
  }

  private startTimer(ms: number, what: string): void {
    this.stopTimer()
    this.timer = setTimeout(() => {
      this.cancel(new Fault('E_UPSTREAM_TIMEOUT', `${hostOf(this.request.baseURL)} ${what} within ${formatMs(ms)}`))
    }, ms)
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
  }
}

/**
 * We ask for `identity`, but some servers compress anyway. Null for an encoding that is not known: the reader of the body will report that
 * it is not JSON.
 */
function decoderOf(coding: string): Transform | null {
  switch (coding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default:
      return null
  }
}

interface Address {
  readonly origin: string
  /** Path that the request's own is appended to. */
  readonly prefix: string
  /** Ends every path, such as Azure's `api-version=2024-10-21`; without its question mark. */
  readonly query: string
}

/** Base URLs come from the configuration: few, and with every request. */
const addresses = new Map<string, Address>()

function addressOf(baseURL: string): Address {
  const known = addresses.get(baseURL)
  if (known !== undefined) return known
  const { origin, pathname, search } = new URL(baseURL)
  const address = { origin, prefix: pathname.replace(/\/$/, ''), query: search.slice(1) }
  addresses.set(baseURL, address)
  return address
}

type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

function joinHeaders(received: ReceivedHeaders): Headers {
  const out: Record<string, string | undefined> = {}
  for (const name in received) {
    const value = received[name]
    out[name] = typeof value === 'string' ? value : value?.join(', ')
  }
  return out
}
