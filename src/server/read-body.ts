import type { IncomingMessage } from 'node:http'
import { Fault, formatBytes } from '../kit/index.js'

const NOTHING = Buffer.alloc(0)

/** The body of a request, up to `limit` bytes. Rejects with E_TOO_LARGE beyond it and with E_CANCELLED when the client goes away. */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.reject(tooLarge(limit))
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null
    let rest: Buffer[] | null = null
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        req.pause()
        reject(tooLarge(limit))
      } else if (first === null) first = chunk
      else {
        rest ??= [first]
        rest.push(chunk)
      }
    })
    req.on('end', () => resolve(rest === null ? (first ?? NOTHING) : Buffer.concat(rest, size)))
    req.on('error', (cause) => reject(new Fault('E_CANCELLED', 'the client went away', { cause })))
    req.on('close', () => {
      if (!req.complete) reject(new Fault('E_CANCELLED', 'the client went away'))
    })
  })
}

function tooLarge(limit: number): Fault {
  return new Fault('E_TOO_LARGE', `the request body is longer than ${formatBytes(limit)}`, {
    hint: 'Raise server.maxBody in the configuration.',
    final: true,
  })
}
