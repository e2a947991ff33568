import { asBuffer, decodeSse, sseSplitter } from '../kit/index.js'
import type { UsageTap } from './codec.js'

const NOTHING = Buffer.alloc(0)
const LF = 0x0a
const CR = 0x0d

export interface RelayStream {
  /** The bytes to pass on for this chunk: its whole events, less those that the tap hides. */
  push(chunk: Uint8Array): Buffer
  /** What is left at the end of the stream. */
  end(): Buffer
}

/**
 * Passes an upstream's event stream on as it came while the tap reads usage. Bytes are held back only while an event is
 * unfinished, and events are decoded only when their bytes may matter to the tap.
 */
export function relayStream(tap: UsageTap): RelayStream {
  const splitter = sseSplitter()

  const hidden = (bytes: Buffer): boolean => {
    const event = decodeSse(bytes)
    return event !== null && tap.see(event)
  }

  return {
    push(chunk) {
      const bytes = asBuffer(chunk)
      if (tap.skim !== undefined && splitter.idle && endsOnBlank(bytes) && !tap.skim(bytes)) return bytes
      const events = splitter.push(bytes)
      if (events.length === 0) return NOTHING
      const kept = events.filter((event) => !hidden(event))
      return kept.length === 1 ? kept[0]! : Buffer.concat(kept)
    },
    end() {
      const rest = splitter.end()
      return rest === null || hidden(rest) ? NOTHING : rest
    },
  }
}

function endsOnBlank(bytes: Buffer): boolean {
  const n = bytes.length
  if (bytes[n - 1] !== LF) return false
  return bytes[n - 2] === LF || (bytes[n - 2] === CR && bytes[n - 3] === LF)
}
