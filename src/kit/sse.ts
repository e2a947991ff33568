/**
 * Server-sent events on bytes. The splitter cuts a stream into whole events without decoding them, so that a relay can pass
 * their bytes on untouched; `decodeSse` reads one when its content matters. Lines end in LF or CRLF; a lone CR, which no
 * provider sends, does not end a line.
 */

import { asBuffer } from './bytes.js'

const LF = 0x0a
const CR = 0x0d

export interface SseEvent {
  readonly event?: string
  readonly data: string
}

interface SseSplitter {
  /** Whole events, terminator included, in order. Their bytes joined are the stream's bytes. */
  push(chunk: Uint8Array): Buffer[]
  /** The remainder when the stream ends without a final blank line; null when there is none. */
  end(): Buffer | null
  /** True when no part of an event is held back. */
  readonly idle: boolean
}

export function sseSplitter(): SseSplitter {
  let held: Buffer[] = []
  // Bytes of the unfinished line in `held`: 0 none, 1 a CR alone, 2 anything else. An event starts on an empty line.
  let line = 0

  const finish = (last: Buffer): Buffer => {
    if (held.length === 0) return last
    const whole = Buffer.concat([...held, last])
    held = []
    return whole
  }

  return {
    get idle() {
      return held.length === 0
    },
    push(chunk) {
      const bytes = asBuffer(chunk)
      const events: Buffer[] = []
      let start = 0
      let lineStart = 0
      for (let i = bytes.indexOf(LF); i !== -1; i = bytes.indexOf(LF, lineStart)) {
        const length = i - lineStart
        const blank = length === 0 ? line < 2 : length === 1 && line === 0 && bytes[lineStart] === CR
        lineStart = i + 1
        line = 0
        if (!blank) continue
        events.push(finish(bytes.subarray(start, lineStart)))
        start = lineStart
      }
      if (start < bytes.length) held.push(start === 0 ? bytes : bytes.subarray(start))
      const rest = bytes.length - lineStart
      if (rest > 0) line = line === 0 && rest === 1 && bytes[lineStart] === CR ? 1 : 2
      return events
    },
    end() {
      if (held.length === 0) return null
      const whole = Buffer.concat(held)
      held = []
      line = 0
      return whole
    },
  }
}

/** The event in these bytes; null for a comment, a retry hint or a blank line, which carry no data. */
export function decodeSse(bytes: Buffer): SseEvent | null {
  return decodeAllSse(bytes)[0] ?? null
}

/** The events of a whole stream; the last may lack its blank line. */
export function decodeAllSse(bytes: Buffer): SseEvent[] {
  const events: SseEvent[] = []
  let event: string | undefined
  let data: string | undefined
  const finish = (): void => {
    if (data !== undefined) events.push(event === undefined || event === '' ? { data } : { event, data })
    event = undefined
    data = undefined
  }
  const text = bytes.toString('utf8')
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ) {
    const lf = text.indexOf('\n', at)
    const next = lf === -1 ? text.length : lf + 1
    let stop = lf === -1 ? text.length : lf
    if (stop > at && text.charCodeAt(stop - 1) === CR) stop--
    if (stop === at) finish()
    else if (text.startsWith('data', at)) {
      const value = fieldValue(text, at + 4, stop)
      if (value !== null) data = data === undefined ? value : `${data}\n${value}`
    } else if (text.startsWith('event', at)) {
      event = fieldValue(text, at + 5, stop) ?? event
    }
    at = next
  }
  finish()
  return events
}

/** Text after the colon expected at `at`, without one leading space; an empty field when the line ends there; null for another field. */
function fieldValue(text: string, at: number, stop: number): string | null {
  if (at === stop) return ''
  if (at > stop || text.charCodeAt(at) !== 0x3a) return null
  return text.slice(text.charCodeAt(at + 1) === 0x20 && at + 1 < stop ? at + 2 : at + 1, stop)
}

interface SseReader {
  push(chunk: Uint8Array): SseEvent[]
  end(): SseEvent[]
}

/** Splitter and decoder in one, for streams whose every event is read. */
export function sseReader(): SseReader {
  const splitter = sseSplitter()
  const decodeAll = (raw: readonly Buffer[]): SseEvent[] => {
    const events: SseEvent[] = []
    for (const bytes of raw) {
      const event = decodeSse(bytes)
      if (event !== null) events.push(event)
    }
    return events
  }
  return {
    push: (chunk) => decodeAll(splitter.push(chunk)),
    end() {
      const rest = splitter.end()
      return rest === null ? [] : decodeAll([rest])
    },
  }
}

/** One event as text. `data` must hold no line break, as JSON written by JSON.stringify does not. */
export function encodeSse(data: string, event?: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`
}
