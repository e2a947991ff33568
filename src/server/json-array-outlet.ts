import { decodeSse, sseSplitter } from '../kit/index.js'
import type { Outlet } from '../route/index.js'

/** Gemini without `alt=sse` streams the elements of one JSON array; the pipeline writes events. */
export function jsonArrayOutlet(outlet: Outlet): Outlet {
  const splitter = sseSplitter()
  let streams = false
  let any = false
  const turn = (chunk: Uint8Array | string, last: boolean): string => {
    const events = splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    const rest = last ? splitter.end() : null
    let text = ''
    for (const raw of rest === null ? events : [...events, rest]) {
      const event = decodeSse(raw)
      if (event === null) continue
      text += `${any ? ',\r\n' : '['}${event.data}`
      any = true
    }
    return text
  }
  return {
    ...outlet,
    head(status, headers) {
      streams = headers['content-type']?.startsWith('text/event-stream') ?? false
      outlet.head(status, streams ? { ...headers, 'content-type': 'application/json' } : headers)
    },
    write: (chunk) => outlet.write(streams ? turn(chunk, false) : chunk),
    end(chunk = '') {
      if (!streams) return outlet.end(chunk)
      const text = turn(chunk, true)
      outlet.end(any ? `${text}]` : '[]')
    },
  }
}
