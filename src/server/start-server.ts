import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { WireFormat } from '../canonical/index.js'
import { asFault, Fault, newId } from '../kit/index.js'
import { type LocalKey, type Router, type Setup, unknownModel, unservedHeaders, writeFault } from '../route/index.js'
import { codecFor } from '../wire/index.js'
import { answerUnreadable } from './answer-unreadable.js'
import { createAccessCheck, credentialOf, needJsonBody } from './check-access.js'
import type { AnswerOwn } from './daemon-api.js'
import { httpOutlet } from './http-outlet.js'
import { jsonArrayOutlet } from './json-array-outlet.js'
import { listModels } from './list-models.js'
import { json, type OwnAnswer } from './own-answer.js'
import { MOST_BODIES, readBody } from './read-body.js'
import { findRoute, type Wanted } from './routes.js'
import { createRoom } from './share-room.js'

interface ServerOptions {
  readonly router: Router
  readonly setup: () => Setup
  readonly port: number
  readonly host: string
  readonly allowedHosts?: readonly string[] | 'any'
  /** Longest request body, bytes. */
  readonly maxBody?: number
  /** Bytes that long request bodies may take together; more wait. */
  readonly mostBodies?: number
  /** How long a long request body may stand still, milliseconds. */
  readonly stalledMs?: number
  /** Connections at a time; more are closed at once. */
  readonly maxConnections?: number
  /** How long a connection may stay open without sending anything, milliseconds. */
  readonly unusedMs?: number
  /** Whose credential this is: null when callers are not distinguished, a Fault when it is not accepted. */
  readonly authenticate?: (credential: string | null) => LocalKey | null | Fault
  /** Answers the batch APIs; absent where no jobs are accepted. */
  readonly batches?: (
    wanted: Wanted & { kind: 'batch' },
    req: IncomingMessage,
    key: LocalKey | null,
    readBody: () => Promise<Buffer>,
  ) => Promise<OwnAnswer>
  /** Answers the daemon's own routes; absent where it has none. */
  readonly own?: AnswerOwn
}

export interface RunningServer {
  readonly port: number
  /** Stops accepting, lets open calls finish for at most `drainMs`, then cuts them. */
  close(drainMs?: number): Promise<void>
}

const MAX_BODY = 64 * 1024 * 1024
/** With a provider's connection each, they fit into the 4096 open files that Node gets where the system is strictest. */
const MOST_CONNECTIONS = 1800
/** How long a client may take to send its headers, and its whole request. */
const HEADERS_MS = 30_000
const REQUEST_MS = 300_000
/** Sooner than `HEADERS_MS`, after which Node answers 408. */
const UNUSED_MS = 20_000
/** Longer than the idle time of the clients' own pools, so that they close first. */
const KEEP_ALIVE_MS = 65_000

/** Listens. Rejects with E_CONFIG when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const serve = createListener(options)
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, noDelay: true },
    serve,
  )
  // Codex's built-in provider opens a WebSocket first; 426 makes it fall back to HTTP at once (0.169: any other answer costs 7 s).
  server.on('upgrade', (_req, socket) => {
    // Node leaves such a socket alone: a reset without a listener would end the process, and a half-closed one would stay.
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () => socket.destroy())
  })
  server.maxConnections = options.maxConnections ?? MOST_CONNECTIONS
  closeUnused(server, options.unusedMs ?? UNUSED_MS)
  answerUnreadable(server, (res) =>
    codecFor(res === undefined ? 'openai-chat' : formatOf(res.req, findRoute(res.req.url ?? '/')?.wanted ?? null)),
  )
  const idle = watchIdle(server)
  await listen(server, options.port, options.host)
  const { port } = server.address() as AddressInfo
  return { port, close: (drainMs = 0) => closeServer(server, idle, drainMs) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const message = taken ? `port ${port} on ${host} is taken` : `cannot listen on ${host}:${port} (${cause.code ?? cause.message})`
      reject(new Fault('E_CONFIG', message, { hint: 'Choose another with --port, or stop the other program: `llmroute status`.', cause }))
    })
    server.listen(port, host, () => resolve())
  })
}

/**
 * Closes connections that never sent anything, without a response: clients keep those of requests that they abandoned immediately, and
 * would take Node's 408 for the answer to their next request.
 */
function closeUnused(server: Server, unusedMs: number): void {
  server.on('connection', (socket) => {
    const late = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy()
    }, unusedMs).unref()
    socket.once('close', () => clearTimeout(late))
  })
}

/** Connections on which no request is being served. Node's own notion leaves out those that have not sent one yet. */
function watchIdle(server: Server): Set<Socket> {
  const idle = new Set<Socket>()
  server.on('connection', (socket) => {
    idle.add(socket)
    socket.once('close', () => idle.delete(socket))
  })
  server.on('request', ({ socket }, res) => {
    idle.delete(socket)
    res.once('close', () => {
      if (!server.listening) socket.destroySoon()
      else if (!socket.destroyed) idle.add(socket)
    })
  })
  return idle
}

function closeServer(server: Server, idle: ReadonlySet<Socket>, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    for (const socket of idle) socket.destroy()
  })
}

function createListener(options: ServerOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const check = createAccessCheck(options.allowedHosts ?? [])
  const maxBody = options.maxBody ?? MAX_BODY
  const room = createRoom(options.mostBodies ?? MOST_BODIES)
  const bodyOf = (res: ServerResponse): Promise<Buffer> => readBody(res, maxBody, room, options.stalledMs)
  return (req, res) => {
    const arrived = performance.now()
    const url = req.url ?? '/'
    const row = findRoute(url)
    const refused = check(req.headers, row?.wanted.kind === 'api' || row?.wanted.kind === 'page')
    if (refused !== null) return answer(res, refused, row?.wanted ?? null, arrived)
    if (row === null) {
      return answer(res, nothingAt(req, 'See GET /v1/models; the base URL of OpenAI clients ends in /v1.'), null, arrived)
    }
    // HEAD is answered wherever GET is: Claude Code 2.1 sends `HEAD /` before its first request.
    const method = req.method === 'HEAD' ? 'GET' : req.method
    if (method !== row.method && row.wanted.kind !== 'api' && row.wanted.kind !== 'batch') {
      return answer(res, wrongMethod(req, row.wanted, row.method), row.wanted, arrived, { allow: row.method })
    }
    serve(req, res, row.wanted, arrived).catch((error: unknown) => answer(res, asFault(error), row.wanted, arrived))
  }

  async function serve(req: IncomingMessage, res: ServerResponse, wanted: Wanted, arrived: number): Promise<void> {
    if (wanted.kind === 'hello') return send(res, { status: 200, type: 'text/plain', body: 'hello' })
    if (wanted.kind !== 'infer' && wanted.kind !== 'models' && wanted.kind !== 'batch') {
      if (options.own === undefined) throw new Fault('E_NOT_FOUND', 'there is nothing here', { final: true })
      return send(res, await options.own(wanted, req, () => bodyOf(res)))
    }
    const url = req.url ?? '/'
    const key = options.authenticate?.(credentialOf(req.headers, url)) ?? null
    if (key instanceof Fault) throw key
    if (wanted.kind === 'batch') {
      if (options.batches === undefined) throw new Fault('E_NOT_FOUND', 'jobs are not taken in here', { final: true })
      if (req.method === 'POST' && wanted.api !== 'files' && wanted.rest.length === 0) needJsonBody(req.headers)
      return send(res, await options.batches(wanted, req, key, () => bodyOf(res)))
    }
    if (wanted.kind === 'models') {
      const body = listModels(options.setup(), wanted.format, wanted.id, req.headers['anthropic-version'] !== undefined)
      if (body === null) throw unknownModel(options.setup(), wanted.id ?? '')
      return send(res, json(body))
    }
    needJsonBody(req.headers)
    const body = await bodyOf(res)
    const outlet = httpOutlet(res)
    const { format, action, urlModel, urlStream, jsonArray } = wanted
    const headers = req.headers as Readonly<Record<string, string | undefined>>
    // Written out: V8 builds an object that begins with a spread property by property, and everything that reads it is slower too.
    await options.router.handle(
      { format, action, urlModel, urlStream, headers, body, arrived, key },
      jsonArray ? jsonArrayOutlet(outlet) : outlet,
    )
  }
}

function send(res: ServerResponse, { status, type, body, headers }: OwnAnswer): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers })
  res.end(body)
}

/** An error before the pipeline has begun, in the format of the path; the connection is not kept when its body was not read. */
function answer(
  res: ServerResponse,
  fault: Fault,
  wanted: Wanted | null,
  arrived: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return
  const unread = res.req.method === 'POST' && !res.req.complete
  writeFault(httpOutlet(res), codecFor(formatOf(res.req, wanted)), fault, {
    ...unservedHeaders(newId(Date.now()), fault.message, performance.now() - arrived),
    ...headers,
    ...(unread ? { connection: 'close' } : {}),
  })
}

/** OpenAI's and Anthropic's lists of models share a path; a header distinguishes them. */
function formatOf({ headers }: IncomingMessage, wanted: Wanted | null): WireFormat {
  if (wanted === null || !('format' in wanted)) return 'openai-chat'
  return wanted.kind === 'models' && wanted.format === 'openai-chat' && headers['anthropic-version'] !== undefined
    ? 'anthropic-messages'
    : wanted.format
}

function nothingAt({ method, url = '/' }: IncomingMessage, hint: string): Fault {
  return new Fault('E_NOT_FOUND', `there is nothing at ${method} ${url.slice(0, 200)}`, { hint, final: true })
}

function wrongMethod(req: IncomingMessage, wanted: Wanted, method: string): Fault {
  // `POST /v1beta/models/x:embedContent` asks for a method that is not served, not for a model of that name.
  if (wanted.kind === 'models' && wanted.id !== null && req.method === 'POST')
    return nothingAt(req, 'Models take :generateContent, :streamGenerateContent and :countTokens.')
  return new Fault('E_METHOD', `${req.method} is not possible here; use ${method}`, { final: true })
}
