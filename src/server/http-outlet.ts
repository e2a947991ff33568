import type { ServerResponse } from 'node:http'
import type { Outlet } from '../route/index.js'

/** A client that has read nothing for this long counts as gone. */
const STUCK_MS = 300_000

/** A client's socket as the pipeline sees it. The head waits for the first bytes, so that a complete answer carries its length. */
export function httpOutlet(res: ServerResponse): Outlet {
  let status = 0
  let headers: Readonly<Record<string, string>> = {}
  let onDrain: (() => void) | null = null
  let stuck: NodeJS.Timeout | undefined
  let listening = false
  const waitForDrain = (): void => {
    clearTimeout(stuck)
    stuck = setTimeout(() => res.destroy(), STUCK_MS).unref()
    // Registered once, however often a slow reader makes us wait.
    if (listening) return
    listening = true
    res.once('close', () => clearTimeout(stuck))
    res.on('drain', () => {
      clearTimeout(stuck)
      onDrain?.()
    })
  }
  return {
    head(code, fields) {
      status = code
      headers = fields
    },
    write(chunk) {
      if (!res.headersSent) res.writeHead(status, headers)
      const go = res.write(chunk)
      // A client that has gone never drains; the listener for that ends the call.
      if (!go && !res.destroyed) waitForDrain()
      return go
    },
    end(chunk = '') {
      if (!res.headersSent) {
        const fields = ['content-length', String(typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length)]
        for (const name in headers) fields.push(name, headers[name]!)
        res.writeHead(status, fields)
      }
      res.end(chunk)
    },
    onDrain(listener) {
      onDrain = listener
    },
    onGone(listener) {
      res.on('close', () => {
        if (!res.writableFinished) listener()
      })
    },
  }
}
