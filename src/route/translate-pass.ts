import { type Event, mergeUsage, NO_USAGE, type Usage } from '../canonical/index.js'
import { type Fault, sseReader } from '../kit/index.js'
import { brokenOff, type Codec, collectReply, type Renamed, type ReplyContext, restoreName } from '../wire/index.js'
import { endedEarly } from './relay-pass.js'
import type { PassStep, StreamPass } from './stream-pass.js'

/** Different formats: every event is read, and written again in the client's format. */
export function translatePass(from: Codec, to: Codec, context: ReplyContext, names: Renamed, keep: boolean): StreamPass {
  const sse = sseReader()
  const reader = from.eventReader()
  const writer = to.eventWriter(context)
  const kept: Event[] = []
  let usage: Usage = NO_USAGE
  let outputChars = 0
  let finish: string | null = null
  let done = false
  let passedError = false
  let heard = false
  let begun = false

  const pass = (events: readonly Event[]): PassStep => {
    let out = ''
    let tail = ''
    let error: Fault | null = null
    for (const read of events) {
      // After an error only its cost matters.
      if (passedError && read.type !== 'usage') continue
      const event = names.size === 0 ? orError(read) : restoreName(orError(read), names)
      begun ||= event.type !== 'start' && event.type !== 'usage'
      if (keep) kept.push(event)
      if (event.type === 'usage') usage = mergeUsage(usage, event.usage)
      else if (event.type === 'delta') outputChars += event.text.length
      else if (read.type === 'finish') finish = read.raw ?? read.reason
      else if (event.type === 'end') done = true
      if (event.type === 'error') {
        error = event.fault
        passedError = true
      }
      if (done) tail += writer.write(event)
      else if (!passedError || event.type === 'error') out += writer.write(event)
    }
    return { out, tail, error }
  }
  return {
    ...(writer.ping === undefined ? {} : { ping: () => (heard ? (writer.ping?.() ?? '') : '') }),
    push(bytes) {
      // Comments that keep a connection open count: relayed ones, too, are held back for only so long.
      heard = true
      return pass(sse.push(bytes).flatMap((event) => reader.read(event)))
    },
    end() {
      const rest = [...sse.end().flatMap((event) => reader.read(event)), ...reader.end()]
      const last = rest.find((e) => e.type === 'finish')
      const broken = last !== undefined && isBroken(last)
      const cut = broken || (finish === null && !done && !passedError && last === undefined)
      const { out, tail } = pass(cut ? rest.filter((e) => e.type !== 'error' && e.type !== 'end' && !isBroken(e)) : rest)
      return { out: '', tail: out + tail, error: broken ? brokenOff(last.raw ?? last.reason) : cut ? endedEarly() : null }
    },
    fail: (fault) => writer.write({ type: 'error', fault }),
    get begun() {
      return begun
    },
    get done() {
      return done
    },
    get passedError() {
      return passedError
    },
    seen: () => ({ usage, outputChars, finish }),
    reply: () => collectReply(kept).reply,
  }
}

function isBroken(event: Event): boolean {
  return event.type === 'finish' && event.reason === 'error'
}

function orError(event: Event): Event {
  return event.type === 'finish' && isBroken(event) ? { type: 'error', fault: brokenOff(event.raw ?? event.reason) } : event
}
