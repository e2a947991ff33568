import type { ServerResponse } from 'node:http'
import { Fault, formatBytes } from '../kit/index.js'
import type { Room } from './share-room.js'

const NOTHING = Buffer.alloc(0)

/** Bytes that long bodies may take together, from their arrival until they are answered; a call takes about four times its body. */
export const MOST_BODIES = 256 * 1024 * 1024

/** Bytes up to which a body never waits: nearly all are shorter. */
const SMALL = 1024 * 1024

/** How long a long body may stand still, milliseconds, once there is room for it: others may be waiting for that room. */
const STALLED_MS = 30_000

/**
 * The body of a request, up to `limit` bytes; the rest of a long one is fetched when there is room for it. Rejects with E_TOO_LARGE beyond
 * the limit, with E_TIMEOUT when a long one stands still for `stalledMs`, and with E_CANCELLED when the client goes away.
 */
export function readBody(res: ServerResponse, limit: number, room: Room, stalledMs = STALLED_MS): Promise<Buffer> {
  const { req } = res
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.reject(tooLarge(limit))
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null
    let rest: Buffer[] | null = null
    let size = 0
    let leave: ReturnType<Room['enter']> | null = null
    let stalled: NodeJS.Timeout | undefined
    req.on('data', (chunk: Buffer) => {
      stalled?.refresh()
      size += chunk.length
      if (size > limit) {
        req.pause()
        return reject(tooLarge(limit))
      }
      if (first === null) first = chunk
      else {
        rest ??= [first]
        rest.push(chunk)
      }
      if (size <= SMALL || leave !== null) return
      req.pause()
      leave = room.enter(announced || limit, () => {
        req.resume()
        stalled = setTimeout(() => {
          gone()
          reject(new Fault('E_TIMEOUT', 'the rest of the request did not arrive in time', { hint: 'Send it again.' }))
        }, stalledMs).unref()
      })
      function gone(): void {
        clearTimeout(stalled)
        leave?.()
      }
      // Node tells the end of a connection to its first answer only, not to one of a pipelined request.
      req.socket.once('close', gone)
      res.once('close', () => {
        req.socket.off('close', gone)
        gone()
      })
    })
    req.on('end', () => {
      clearTimeout(stalled)
      leave?.(size)
      resolve(withoutMark(rest === null ? (first ?? NOTHING) : Buffer.concat(rest, size)))
    })
    req.on('error', (cause) => reject(new Fault('E_CANCELLED', 'the client went away', { cause })))
    req.on('close', () => {
      if (!req.complete) reject(new Fault('E_CANCELLED', 'the client went away'))
    })
  })
}

/** Editors and shells on Windows begin a file in UTF-8 with a byte order mark, which no JSON may have. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body
}

function tooLarge(limit: number): Fault {
  return new Fault('E_TOO_LARGE', `the request body is longer than ${formatBytes(limit)}`, {
    hint: 'Raise server.maxBody in the configuration.',
    final: true,
  })
}
