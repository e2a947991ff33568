import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Event, Reply, WireFormat } from '../../src/canonical/index.js'
import { codecFor, eventsOfReply, type ReplyContext } from '../../src/wire/index.js'

/** What the provider does with one request. */
export type Behaviour =
  | 'ok'
  /** An error answer; `body` replaces the format's own. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly type?: string }
  /** The connection is reset before or after the first bytes of the answer. */
  | 'reset'
  | 'reset-mid'
  /** Nothing comes, or nothing more. */
  | 'stall'
  | 'stall-mid'
  /** The stream ends cleanly but without its end. */
  | 'end-early'
  /** A JSON answer cut in half, HTML with status 200, JSON under another type, plain text. */
  | 'cut-json'
  | 'html'
  | 'wrong-type'
  /** An answer longer than anyone wants. */
  | 'huge'
  /** One byte at a time, a millisecond or a second apart. */
  | 'drip'
  | 'drip-slowly'
  | 'gzip'
  /** `connection: close`, then the socket is closed. */
  | 'close'
  | 'bad-sse'
  /** The first event, or a later one, is an error. */
  | 'error-first'
  | 'error-later'
  /** Headers at once, the first event after this many milliseconds. */
  | { readonly delayMs: number }
  /** Half of the stream, a pause, the other half. */
  | { readonly pauseMs: number }
  /** So many events, after a comment perhaps, and the rest when this is resolved. */
  | { readonly events: number; readonly until: Promise<void>; readonly comment?: string }
  /** Text in this many pieces. */
  | { readonly pieces: number; readonly bytes: number }

export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly raw: Buffer
  readonly body: Readonly<Record<string, unknown>>
  /** The client of this provider left before the answer was complete. */
  aborted: boolean
  /** Bytes of the answer that the socket has taken. */
  sent: number
}

export interface FakeProvider {
  readonly port: number
  readonly origin: string
  /** What that vendor's own SDK takes as base URL. */
  readonly baseURL: (format: WireFormat) => string
  readonly posts: Post[]
  /** Chooses what is done with the nth post, counted from 1. Default: all `ok`. */
  behave(choose: (n: number, post: Post) => Behaviour): void
  close(): Promise<void>
}

/** Text of every good answer. */
export const ANSWER = 'Grüße aus dem Test: 42 is the answer.'

const REPLY: Reply = {
  id: 'fake-1',
  model: 'fake',
  created: 1_760_000_000,
  choices: [{ parts: [{ type: 'text', text: ANSWER }], finish: 'stop' }],
  usage: { input: 20, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, output: 10, reasoning: null },
}

/** An HTTP server that answers as a provider of any of the four formats would, well or badly. */
export async function startFakeProvider(reply: Reply = REPLY): Promise<FakeProvider> {
  const posts: Post[] = []
  const sockets = new Set<Socket>()
  let choose: (n: number, post: Post) => Behaviour = () => 'ok'
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (c: Buffer) => chunks.push(c))
    req.on('end', () => {
      const raw = Buffer.concat(chunks)
      const post: Post = { path: req.url ?? '', headers: req.headers, raw, body: JSON.parse(raw.toString()), aborted: false, sent: 0 }
      posts.push(post)
      res.on('close', () => {
        post.aborted = !res.writableFinished
      })
      answer(req, res, post, choose(posts.length, post), reply)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    port,
    origin,
    baseURL: (format) => (format.startsWith('openai') ? `${origin}/v1` : origin),
    posts,
    behave(next) {
      choose = next
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function formatOf(path: string): WireFormat {
  if (path.includes('/chat/completions')) return 'openai-chat'
  if (path.includes('/responses')) return 'openai-responses'
  return path.includes('/messages') ? 'anthropic-messages' : 'gemini'
}

function answer(req: IncomingMessage, res: ServerResponse, post: Post, how: Behaviour, reply: Reply): void {
  const format = formatOf(post.path)
  const codec = codecFor(format)
  const stream = post.body.stream === true || post.path.includes(':streamGenerateContent')
  const options = post.body.stream_options as { include_usage?: boolean } | undefined
  const context: ReplyContext = { id: 'fake-1', model: 'fake', created: 1_760_000_000, streamUsage: options?.include_usage === true }
  if (typeof how === 'object' && 'status' in how) {
    const body = how.body ?? JSON.stringify({ error: { message: `status ${how.status} on purpose`, type: 'fake_error' } })
    res.writeHead(how.status, { 'content-type': how.type ?? 'application/json', ...how.headers })
    res.end(body)
    return
  }
  if (how === 'stall') return
  if (how === 'reset') {
    req.socket.resetAndDestroy()
    return
  }
  if (how === 'html') {
    res.writeHead(200, { 'content-type': 'text/html' })
    res.end('<html><body>Sign in to the Wi-Fi</body></html>')
    return
  }
  if (how === 'huge') {
    pour(res, stream, post)
    return
  }
  if (!stream) {
    answerWhole(req, res, how, JSON.stringify(codec.writeReply(reply, context)))
    return
  }

  const writer = codec.eventWriter(context)
  const events = splitDeltas(reply).map((e) => writer.write(e))
  const text = events.join('')
  const half = events.slice(0, Math.ceil(events.length / 2)).join('')
  const head = (): void => void res.writeHead(200, { 'content-type': how === 'wrong-type' ? 'text/plain' : 'text/event-stream' })
  const failure = `data: ${JSON.stringify({ type: 'error', error: { message: 'overloaded on purpose', type: 'overloaded_error' } })}\n\n`
  const named = format === 'anthropic-messages' ? `event: error\n${failure}` : failure
  head()
  switch (how) {
    case 'reset-mid':
      res.write(half)
      setTimeout(() => req.socket.resetAndDestroy(), 30)
      return
    case 'stall-mid':
      res.write(half)
      return
    case 'end-early':
    case 'cut-json':
      res.end(half)
      return
    case 'bad-sse':
      res.end('data: {"id": this is no JSON\n\ndata: [1,2\n\n')
      return
    case 'error-first':
      res.end(named)
      return
    case 'error-later':
      res.write(half)
      res.end(named)
      return
    case 'drip':
    case 'drip-slowly':
      drip(res, Buffer.from(text), how === 'drip' ? 1 : 1000)
      return
    default:
      if (typeof how === 'object' && 'delayMs' in how) {
        res.flushHeaders()
        setTimeout(() => res.end(text), how.delayMs)
      } else if (typeof how === 'object' && 'pauseMs' in how) {
        res.write(half)
        setTimeout(() => res.end(text.slice(half.length)), how.pauseMs)
      } else if (typeof how === 'object' && 'until' in how) {
        res.write(`${how.comment ?? ''}${events.slice(0, how.events).join('')}`)
        void how.until.then(() => res.end(events.slice(how.events).join('')))
      } else if (typeof how === 'object' && 'pieces' in how) flood(res, events, how, post)
      else res.end(text)
  }
}

function answerWhole(req: IncomingMessage, res: ServerResponse, how: Behaviour, text: string): void {
  const type = how === 'wrong-type' ? 'text/plain' : 'application/json'
  const headers: Record<string, string> = { 'content-type': type }
  if (how === 'gzip') {
    res.writeHead(200, { ...headers, 'content-encoding': 'gzip' })
    res.end(gzipSync(text))
  } else if (how === 'close') {
    res.writeHead(200, { ...headers, connection: 'close' })
    res.end(text)
  } else if (how === 'cut-json') {
    res.writeHead(200, headers)
    res.end(text.slice(0, text.length / 2))
  } else if (how === 'reset-mid' || how === 'stall-mid') {
    res.writeHead(200, { ...headers, 'content-length': String(Buffer.byteLength(text)) })
    res.write(text.slice(0, text.length / 2))
    if (how === 'reset-mid') setTimeout(() => req.socket.resetAndDestroy(), 30)
  } else if (how === 'drip' || how === 'drip-slowly') {
    res.writeHead(200, headers)
    drip(res, Buffer.from(text), how === 'drip' ? 1 : 1000)
  } else {
    res.writeHead(200, headers)
    if (typeof how === 'object' && 'delayMs' in how) setTimeout(() => res.end(text), how.delayMs)
    else res.end(text)
  }
}

function drip(res: ServerResponse, bytes: Buffer, everyMs: number): void {
  let at = 0
  const began = performance.now()
  const timer = setInterval(() => {
    // By the clock, as a busy machine's timers come late.
    const due = Math.min(bytes.length, Math.floor((performance.now() - began) / everyMs))
    while (at < due && !res.destroyed) res.write(bytes.subarray(at, ++at))
    if (at < bytes.length && !res.destroyed) return
    clearInterval(timer)
    res.end()
  }, everyMs)
  res.on('close', () => clearInterval(timer))
}

/** A long answer, written as fast as the reader takes it; counts what was taken. */
function flood(res: ServerResponse, events: readonly string[], how: { readonly pieces: number; readonly bytes: number }, post: Post): void {
  const middle = events.findIndex((e) => e.includes('the an'))
  const piece = (events[middle] ?? '').replace('the an', 'x'.repeat(how.bytes))
  const after = events.slice(middle + 1).join('')
  let left = how.pieces
  res.write(events.slice(0, middle).join(''))
  const more = (): void => {
    while (left-- > 0) {
      post.sent += piece.length
      if (!res.write(piece)) {
        res.once('drain', more)
        return
      }
    }
    res.end(after)
  }
  more()
}

function pour(res: ServerResponse, stream: boolean, post: Post): void {
  res.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
  const chunk = Buffer.alloc(1024 * 1024, 0x20)
  let left = 100
  const more = (): void => {
    while (left-- > 0) {
      post.sent += chunk.length
      if (!res.write(chunk)) {
        res.once('drain', more)
        return
      }
    }
    res.end()
  }
  more()
}

/** A whole reply as events, its text cut into words so that a stream has a middle. */
function splitDeltas(reply: Reply): readonly Event[] {
  return [...eventsOfReply(reply)].flatMap((event): readonly Event[] => {
    if (event.type !== 'delta') return [event]
    return (event.text.match(/[\s\S]{1,8}/gu) ?? []).map((text) => ({ ...event, text }))
  })
}
