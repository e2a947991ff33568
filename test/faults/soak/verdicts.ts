import type { LedgerCheck } from './check-ledger.js'
import { courseOf, type Sample } from './measure.js'

export interface Verdict {
  readonly what: string
  readonly figure: string
  /** Null: not judged. */
  readonly good: boolean | null
  /** What would have been good, and why. */
  readonly aim: string
}

/**
 * What is remembered of a conversation, bytes: its session and the digests of its messages, in the state that decisions are made from. It is
 * forgotten after an hour, or beyond 20,000 sessions or 200,000 messages, so that a soak of half an hour only sees it come. Measured: 0.49 KB of
 * heap a call after a full collection, from call 1,500 to call 15,000, four calls a conversation.
 */
const CONVERSATION_BYTES = 2000
/** Share of the median that resident memory may rise by beyond that over the last half: the collector lets the heap breathe by as much. */
const RISE_SHARE = 0.05
/** In a shorter time those caches are still filling. */
const LEAST_MINUTES = 20
/** Handles beyond two for each open call (the client's socket and the provider's): pooled sockets come and go. */
const HANDLES_RISE = 10
/** At rest nothing but the listening socket and what is opened once may be open; a file may be looked at just then. */
const REST_RISE = 2
/** With no call to wait for. */
const EXIT_MS = 5000

export function memoryVerdict(samples: readonly Sample[], minutes: number, conversations: number): Verdict {
  const { median, rise } = courseOf(samples, (s) => s.rss)
  const own = courseOf(samples, (s) => s.own)
  const known = (conversations * CONVERSATION_BYTES) / 1e6
  const most = median * RISE_SHARE
  return {
    what: 'resident memory, last half',
    figure: `median ${median.toFixed(0)} MB, ${signed(rise)} MB (of its own: ${own.median.toFixed(0)} MB, ${signed(own.rise)} MB); ${signed(rise - known)} MB beyond the ${known.toFixed(1)} MB of ${conversations} new conversations`,
    good: minutes < LEAST_MINUTES ? null : rise - known <= most,
    aim: `at most +${most.toFixed(0)} MB beyond them, 5%; not judged in less than ${LEAST_MINUTES} minutes, while caches fill up to their limits`,
  }
}

export function loadedHandlesVerdict(samples: readonly Sample[]): Verdict {
  const beyond = courseOf(samples, (s) => s.handles - 2 * s.open)
  const all = courseOf(samples, (s) => s.handles)
  return {
    what: 'open handles, last half',
    figure: `median ${all.median}, ${signed(all.rise)}; beyond two for each open call: median ${beyond.median}, ${signed(beyond.rise)}`,
    good: beyond.rise <= HANDLES_RISE,
    aim: `at most +${HANDLES_RISE} beyond the open calls`,
  }
}

type Kinds = Readonly<Record<string, number>>

export function restHandlesVerdict(before: Kinds | null, after: Kinds | null): Verdict {
  const kinds = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  const changed = kinds.filter((kind) => before?.[kind] !== after?.[kind])
  const sum = (of: Kinds | null): number => Object.values(of ?? {}).reduce((a, b) => a + b, 0)
  const how = changed.map((kind) => `${kind} ${before?.[kind] ?? 0} to ${after?.[kind] ?? 0}`).join(', ')
  return {
    what: 'open handles at rest',
    figure: before === null || after === null ? 'unknown' : `${sum(before)} before, ${sum(after)} after${how === '' ? '' : ` (${how})`}`,
    good: before !== null && after !== null && sum(after) <= sum(before) + REST_RISE,
    aim: `at most +${REST_RISE}`,
  }
}

export function recordVerdict(ledger: LedgerCheck, posted: number): Verdict {
  const { unrecorded, doubled, misjudged, stillRunning, withoutCost, neverCame, integrity } = ledger
  const wrong = unrecorded.length + doubled + misjudged + stillRunning
  const named = unrecorded.length === 0 ? '' : ` (${JSON.stringify(unrecorded.slice(0, 5))})`
  const which = `doubled ${doubled}, ended otherwise than recorded ${misjudged}, left open ${stillRunning}, without a cost ${withoutCost}`
  return {
    what: 'unrecorded calls',
    figure: `${unrecorded.length}${named} of ${posted} that reached a provider; ${which}; integrity ${integrity}; ${neverCame} clients left before their request was in`,
    good: wrong === 0 && integrity === 'ok',
    aim: 'none',
  }
}

export function hangVerdict(hung: number, cut: number, inFlight: number | null): Verdict {
  return {
    what: 'hanging calls',
    figure: `${hung} longer than 20 s, ${cut} cut without a word, ${inFlight ?? 'unknown'} counted as under way at rest`,
    good: hung === 0 && cut === 0 && inFlight === 0,
    aim: 'none',
  }
}

export function exitVerdict(exitCode: number | null, exitMs: number, byItself: boolean): Verdict {
  return {
    what: 'exit',
    figure: byItself ? `the daemon ended by itself with ${exitCode}` : `code ${exitCode} after ${exitMs.toFixed(0)} ms`,
    good: !byItself && exitCode === 0 && exitMs <= EXIT_MS,
    aim: `code 0 within ${EXIT_MS} ms of being told, at rest`,
  }
}

function signed(x: number): string {
  return `${x >= 0 ? '+' : ''}${x.toFixed(1)}`
}
