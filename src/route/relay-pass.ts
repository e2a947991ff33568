import type { Reply } from '../canonical/index.js'
import { decodeAllSse, decodeSse, Fault, sseSplitter } from '../kit/index.js'
import { type Codec, collectReply, joinDeltas } from '../wire/index.js'
import { NO_STEP, type PassStep, type StreamPass } from './stream-pass.js'

/** Bytes of an answer that are remembered for the ledger. */
const MOST_KEPT = 8 * 1024 * 1024
const LF = 0x0a
const CR = 0x0d

/**
 * Same format on both sides: bytes pass through unchanged. A tap reads the events that matter (usage, end, error) and may remove a usage
 * chunk that the client did not ask for. Chunks that end at an event boundary and contain nothing of interest are not even split.
 */
export function relayPass(codec: Codec, hideUsage: boolean, keep: boolean): StreamPass {
  const tap = codec.usageTap(hideUsage)
  const splitter = sseSplitter()
  const kept: Buffer[] = []
  let keptBytes = 0
  let passedError = false
  let begun = false

  const look = (events: readonly Buffer[]): PassStep => {
    const out: Buffer[] = []
    let tail = ''
    for (const raw of events) {
      const event = decodeSse(raw)
      if (event !== null && tap.see(event)) continue
      begun ||= event !== null && codec.preface?.test(event.data) !== true
      if (tap.seen.done) tail += raw.toString('utf8')
      else out.push(raw)
    }
    if (tap.seen.error !== undefined) passedError = true
    return { out: out.length === 1 ? out[0]! : Buffer.concat(out), tail, error: tap.seen.error ?? null }
  }

  return {
    push(bytes) {
      if (keep && keptBytes < MOST_KEPT) {
        kept.push(bytes)
        keptBytes += bytes.length
      }
      if (begun && !tap.seen.done && tap.skim !== undefined && splitter.idle && endsOnBlank(bytes) && !tap.skim(bytes)) {
        return { out: bytes, tail: '', error: null }
      }
      const events = splitter.push(bytes)
      return events.length === 0 ? NO_STEP : look(events)
    },
    end() {
      const rest = splitter.end()
      const step = rest === null ? NO_STEP : look([rest])
      const whole = tap.seen.done || tap.seen.finish !== undefined || passedError
      return whole ? step : { ...step, error: endedEarly() }
    },
    get begun() {
      return begun
    },
    get done() {
      return tap.seen.done
    },
    get passedError() {
      return passedError
    },
    seen: () => ({ usage: tap.usage(), outputChars: tap.seen.outputChars, finish: tap.seen.finish ?? null }),
    reply: () => readKept(codec, kept),
  }
}

/** The complete answer from the bytes of its stream. */
function readKept(codec: Codec, kept: readonly Buffer[]): Reply {
  const reader = codec.eventReader()
  const events = joinDeltas(decodeAllSse(Buffer.concat(kept))).flatMap((event) => reader.read(event))
  return collectReply([...events, ...reader.end()]).reply
}

function endsOnBlank(bytes: Buffer): boolean {
  const n = bytes.length
  if (bytes[n - 1] !== LF) return false
  return bytes[n - 2] === LF || (bytes[n - 2] === CR && bytes[n - 3] === LF)
}

export function endedEarly(): Fault {
  return new Fault('E_UPSTREAM', 'the provider ended the stream before the answer was complete')
}
