import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Fault, newId } from '../kit/index.js'
import { unservedHeaders } from '../route/index.js'
import type { Codec } from '../wire/index.js'

/**
 * Answers what Node cannot read as a request, or what does not arrive in time. Node's own answer has no body: a client would tell its user
 * nothing but the status. `codecOf` gives the format for the request that is being served on the connection, if there is one.
 */
export function answerUnreadable(server: Server, codecOf: (res: ServerResponse | undefined) => Codec): void {
  const served = new WeakMap<Socket, ServerResponse>()
  server.on('request', ({ socket }, res) => {
    served.set(socket, res)
    // A client may send its next request before it has this answer.
    res.once('close', () => served.get(socket) === res && served.delete(socket))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const res = served.get(socket)
    if (error.code === 'ECONNRESET' || !socket.writable || res?.headersSent) return void socket.destroy()
    const fault = faultOf(error.code ?? 'no code')
    const { status, body } = codecOf(res).writeFault(fault)
    const text = JSON.stringify(body)
    const headers = {
      connection: 'close',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...unservedHeaders(newId(Date.now()), fault.message, 0),
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`, () => socket.destroy())
  })
}

function faultOf(code: string): Fault {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Fault('E_TIMEOUT', 'the request did not arrive in time', { hint: 'Send it again.' })
    case 'HPE_HEADER_OVERFLOW':
      return new Fault('E_TOO_LARGE', 'the headers of the request are too long', {
        hint: 'Send fewer or shorter headers.',
        status: 431,
        final: true,
      })
    default:
      return new Fault('E_BAD_REQUEST', `the request is not well-formed HTTP (${code})`, {
        hint: 'Send plain HTTP/1.1, without TLS.',
        final: true,
      })
  }
}
