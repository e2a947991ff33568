import type { AttemptRow } from '../ledger/index.js'
import type { ModelState } from '../policy/index.js'
import type { Behaviour } from './behaviour.js'
import type { TimeLine } from './fit-time.js'

/** Milliseconds; null is not known. */
export interface Time {
  /** Expectations of the call. */
  readonly latencyMs: number | null
  /** What a router would have learned from: it averages logarithms, and a cache hit is binary. */
  readonly firstByteMs: number | null
  readonly endMs: number | null
}

/** Measurements of a call. */
export interface TimedCall {
  readonly attempt: Pick<AttemptRow, 'firstByteMs'>
  readonly latencyMs: number | null
  readonly state: ModelState
  /** Tokens of the model: those written, and those of the prompt that were not read from its cache. */
  readonly output: number
  readonly fresh: number
}

/** The work of another model, or of the same one with another cache, in its own tokens. */
export interface Work {
  readonly state: ModelState
  readonly output: number
  readonly prompt: number
  /** Tokens of the prompt that are thought warm, and the share of them that is read from the cache. */
  readonly warm: number
  readonly hit: number
}

/** The model's fitted time, scaled by the recorded call's time relative to its own model's: this keeps the spread of real times. */
export function substitutedTime(from: TimedCall, to: Work, behaviour: Behaviour): Time {
  const { latencyMs, attempt } = from
  if (latencyMs === null) return { latencyMs, firstByteMs: null, endMs: null }
  const [fromLine, toLine] = [behaviour.timeLine(from.state.rev.id), behaviour.timeLine(to.state.rev.id)]
  // A measured time and an expected one are not comparable: both come from one source.
  const isMeasured = fromLine !== null && toLine !== null
  const waitOf = (state: ModelState, line: TimeLine | null, fresh: number): number =>
    isMeasured && line !== null ? line.fixed + line.perPrompt * fresh : state.ttftUs / 1000
  const writingOf = (state: ModelState, line: TimeLine | null, tokens: number): number =>
    isMeasured && line !== null ? line.perOutput * tokens : (state.usPerToken * tokens) / 1000
  const waited = waitOf(from.state, fromLine, from.fresh)
  const measured = Math.max(1, waited + writingOf(from.state, fromLine, from.output))
  const residual = Math.min(10, Math.max(0.1, latencyMs / measured))
  const wait = (fresh: number): number => Math.max(1, waitOf(to.state, toLine, fresh) * residual)
  const found = wait(to.prompt - to.warm) ** to.hit * wait(to.prompt) ** (1 - to.hit)
  const expected = wait(to.prompt - to.hit * to.warm)
  if (to.state.rev.id !== from.state.rev.id) {
    const writing = writingOf(to.state, toLine, to.output) * residual
    return { latencyMs: expected + writing, firstByteMs: found, endMs: found + writing }
  }
  const later = (ms: number, by: number): number => Math.max(1, ms + by - waited * residual)
  return {
    latencyMs: later(latencyMs, expected),
    firstByteMs: attempt.firstByteMs === null ? null : later(attempt.firstByteMs, found),
    endMs: later(latencyMs, found),
  }
}
