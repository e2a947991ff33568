import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { think } from './brain.js'
import { type Json, Refusal } from './refusal.js'
import { type VendorPost, vendorOf, vendors } from './vendor.js'

/** An answer that takes the place of the vendor's own. */
export interface Trouble {
  readonly status: number
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  /** It comes within the stream, after the first words. */
  readonly late?: boolean
  /** No trouble but that a stream comes in one piece, as JSON. */
  readonly whole?: boolean
}

export interface Vendors {
  readonly origin: string
  readonly posts: VendorPost[]
  /** Decides whether the nth post since the last `reset` is answered with an error. */
  trouble(choose: (n: number, post: VendorPost) => Trouble | null): void
  /** Forgets posts and troubles. */
  reset(): void
  close(): Promise<void>
}

/** One server that is four vendors, told apart by path; each holds requests to its own rules. */
export async function startVendors(): Promise<Vendors> {
  const posts: VendorPost[] = []
  const sockets = new Set<Socket>()
  let choose: (n: number, post: VendorPost) => Trouble | null = () => null
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const raw = Buffer.concat(chunks)
      const path = req.url ?? ''
      const body = JSON.parse(raw.toString()) as Json
      const post: VendorPost = { vendor: vendorOf(path), path, headers: req.headers, raw, body, refused: null }
      posts.push(post)
      answer(post, choose(posts.length, post), res)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    trouble(next) {
      choose = next
    },
    reset() {
      posts.length = 0
      choose = () => null
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function answer(post: VendorPost, trouble: Trouble | null, res: ServerResponse): void {
  const vendor = vendors[post.vendor]
  try {
    const whole = trouble?.whole === true
    if (trouble !== null && !trouble.late && !whole) throw new Refusal(trouble.message ?? `trouble ${trouble.status}`, null, trouble.status)
    if (vendor.keyOf(post.headers) !== vendor.key) throw new Refusal('Incorrect API key provided.', null, 401)
    if (post.path === '/v1/embeddings') {
      send(res, 200, embed(post.body))
      return
    }
    checkText(post.raw.toString())
    const asked = vendor.check(post)
    const said = think(asked)
    const streams = post.body.stream === true || post.path.includes(':streamGenerateContent')
    if (!streams || whole) {
      send(res, 200, vendor.say(said, asked.model, post.body))
      return
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    const pieces = [...vendor.stream(said, asked.model, post.body)]
    if (trouble === null) res.end(pieces.join(''))
    else {
      res.write(pieces.slice(0, 5).join(''))
      setTimeout(() => res.end(vendor.streamFault(trouble.message ?? 'trouble')), 50)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    post.refused = error.message
    send(res, error.status, vendor.fault(error.status, error.message, error.param), trouble?.headers)
  }
}

/** Parsers written in Rust and Python take half of a surrogate pair for broken JSON. */
function checkText(raw: string): void {
  JSON.parse(raw, (_key, value: unknown) => {
    if (typeof value === 'string' && /\p{Cs}/u.test(value))
      throw new Refusal('The request body is not valid JSON: no low surrogate in string: line 1 column 57 (char 56)')
    return value
  })
}

function send(res: ServerResponse, status: number, body: Json, headers: Readonly<Record<string, string>> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers })
  res.end(JSON.stringify(body))
}

function embed(body: Json): Json {
  const texts = Array.isArray(body.input) ? body.input : [body.input]
  const vector = [0.5, -0.25]
  const embedding = body.encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector
  return {
    object: 'list',
    model: body.model,
    data: texts.map((_, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  }
}
