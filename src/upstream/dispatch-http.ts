import type { Dispatcher } from 'undici'
import { type Clock, Fault, formatMs, systemClock } from '../kit/index.js'
import { createDecoder } from './decode-body.js'
import { describeFailure, hostOf } from './describe-failure.js'
import type { Answer, Dispatch, Flight, Headers, Sink, UpstreamRequest } from './exchange.js'
import { type DispatcherOptions, openDispatcher } from './open-dispatcher.js'

export interface HttpUpstream {
  readonly dispatch: Dispatch
  /** Loads the client ahead of the first request. */
  open(): Promise<void>
  close(): Promise<void>
}

/** Sends requests over HTTP. Connections are opened on the first use, so that a sandbox or a dry run loads no client. */
export function createHttpUpstream(options: DispatcherOptions, clock: Clock = systemClock): HttpUpstream {
  let opening: Promise<Dispatcher> | null = null
  let open: Dispatcher | null = null
  const load = (): Promise<Dispatcher> => {
    opening ??= openDispatcher(options).then((d) => {
      open = d
      return d
    })
    return opening
  }
  const dispatch: Dispatch = (request) => (open === null ? startLater(load(), request, clock) : start(open, request, clock))
  return {
    dispatch,
    open: async () => {
      await load()
    },
    close: async () => {
      if (opening !== null) await (await opening).destroy()
    },
  }
}

function startLater(opening: Promise<Dispatcher>, request: UpstreamRequest, clock: Clock): Flight {
  const times: Flight['times'] = { sent: null, firstByte: null }
  let flight: Flight | null = null
  let cancelled: Fault | null = null
  const answer = opening.then((dispatcher) => {
    if (cancelled !== null) throw cancelled
    flight = start(dispatcher, request, clock, times)
    return flight.answer
  })
  return {
    answer,
    times,
    cancel(fault) {
      cancelled = fault
      flight?.cancel(fault)
    },
  }
}

const IGNORE = (): void => {}

/** Bytes held before the reader of the answer has come. */
const EARLY_BYTES = 65_536

function start(
  dispatcher: Dispatcher,
  request: UpstreamRequest,
  clock: Clock,
  times: Flight['times'] = { sent: null, firstByte: null },
): Flight {
  const { baseURL, timeouts } = request
  let controller: Dispatcher.DispatchController | null = null
  let failure: Fault | null = null
  let timer: NodeJS.Timeout | null = null
  let status = 0
  let headers: Headers = {}
  let answered = false
  let ended = false
  let decode: ReturnType<typeof createDecoder> = null
  // Pieces that came before anyone asked for them; usually one.
  let early: Uint8Array[] = []
  let earlyBytes = 0
  let sink: Sink | null = null
  let finish: (() => void) | null = null
  let fail: ((fault: Fault) => void) | null = null
  let resolveAnswer: (answer: Answer) => void = IGNORE
  let rejectAnswer: (fault: Fault) => void = IGNORE
  const answer = new Promise<Answer>((resolve, reject) => {
    resolveAnswer = resolve
    rejectAnswer = reject
  })

  const arm = (ms: number, what: string): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => stop(new Fault('E_UPSTREAM_TIMEOUT', `${hostOf(baseURL)} ${what} within ${formatMs(ms)}`)), ms)
  }
  const stop = (fault: Fault): void => {
    if (ended) return
    ended = true
    failure = fault
    if (timer !== null) clearTimeout(timer)
    controller?.abort(fault)
    decode?.stop()
    if (!answered) rejectAnswer(fault)
    else fail?.(fault)
  }
  const push = (chunk: Uint8Array): void => {
    if (sink === null) {
      early.push(chunk)
      earlyBytes += chunk.length
      if (earlyBytes > EARLY_BYTES) pause()
    } else if (!sink(chunk)) hold()
  }
  const pause = (): void => {
    controller?.pause()
    decode?.pause()
  }
  // A client that does not read is no fault of the provider's: the clock stands still meanwhile.
  const hold = (): void => {
    pause()
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const resume = (): void => {
    if (ended) return
    if (timer === null) arm(timeouts.idleMs, 'sent nothing more')
    decode?.resume()
    controller?.resume()
  }
  const announce = (): void => {
    if (answered) return
    answered = true
    times.firstByte = clock.monotonic()
    resolveAnswer({ status, headers, consume, resume })
  }
  const done = (): void => {
    ended = true
    if (timer !== null) clearTimeout(timer)
    finish?.()
  }
  const consume = (to: Sink): Promise<void> =>
    new Promise((resolve, reject) => {
      sink = to
      finish = resolve
      fail = reject
      let go = true
      for (const chunk of early) go = to(chunk) && go
      early = []
      if (failure !== null) reject(failure)
      else if (ended) resolve()
      else if (go) resume()
      else hold()
    })

  arm(timeouts.connectMs, 'did not accept a connection')
  const { origin, prefix, query } = addressOf(baseURL)
  dispatcher.dispatch(
    {
      origin,
      path: query === '' ? prefix + request.path : `${prefix}${request.path}${request.path.includes('?') ? '&' : '?'}${query}`,
      method: request.method ?? 'POST',
      headers: request.headers as Record<string, string>,
      body: request.body === '' ? null : (request.body as string | Buffer),
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    {
      onRequestStart(c) {
        controller = c
        if (failure !== null) return c.abort(failure)
        times.sent = clock.monotonic()
        arm(timeouts.firstByteMs, 'sent no first byte')
      },
      onResponseStart(_c, code, received) {
        status = code
        headers = joinHeaders(received)
        const coding = headers['content-encoding']
        decode = createDecoder(coding, push, done, (cause) =>
          stop(new Fault('E_UPSTREAM', `${hostOf(baseURL)} sent an answer whose ${coding} compression is broken`, { cause })),
        )
      },
      onResponseData(_c, chunk) {
        if (!answered) arm(timeouts.idleMs, 'sent nothing more')
        else timer?.refresh()
        if (decode === null) push(chunk)
        else decode.write(chunk)
        announce()
      },
      onResponseEnd() {
        if (timer !== null) clearTimeout(timer)
        if (decode === null) done()
        else decode.end()
        announce()
      },
      onResponseError(_c, error) {
        stop(describeFailure(error, baseURL, times.sent !== null))
      },
    },
  )
  return { answer, times, cancel: stop }
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

function joinHeaders(received: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const out: Record<string, string | undefined> = {}
  for (const name in received) {
    const value = received[name]
    out[name] = typeof value === 'string' ? value : value?.join(', ')
  }
  return out
}
