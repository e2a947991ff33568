import { NO_USAGE } from '../canonical/index.js'
import { asFault, Fault } from '../kit/index.js'
import type { AttemptPurpose, AttemptRow } from '../ledger/types.js'
import type { Flight, Timeouts } from '../upstream/index.js'
import type { Codec } from '../wire/index.js'
import { type EndedAttempt, timesOf, writeRow } from './attempt.js'
import type { Inbound } from './exchange.js'
import type { FailedAttempt, Verdict } from './judge-failure.js'
import { priceUsage, unreportedChars } from './price-usage.js'
import { readAnswer } from './read-answer.js'
import type { RouterPorts } from './router-ports.js'
import type { PoolModel } from './setup.js'
import { writeHeaders } from './write-upstream.js'

/** What asking needs of the world. */
export type AskPorts = Pick<RouterPorts, 'clock' | 'dispatch' | 'health'>

/** A question of llmroute's own; its answer is not streamed. */
export interface Question<T> {
  readonly purpose: AttemptPurpose
  /** Number of the attempt within its call. */
  readonly n: number
  readonly codec: Codec
  readonly body: () => unknown
  readonly read: (body: unknown) => T
  /** Prompt in reference tokens, for a provider that does not report usage. */
  readonly inputTokens: number
  /** Milliseconds that it may take in all. */
  readonly leftMs: number
  readonly timeouts: Timeouts
  /** The client whose credential a provider may want. */
  readonly inbound: Pick<Inbound, 'headers'>
  /** Called when it is under way, with what ends it. */
  readonly begun: (flight: Flight) => void
  readonly judge: (failed: Pick<FailedAttempt, 'fault' | 'status' | 'sent' | 'unsent'>) => Pick<Verdict, 'health' | 'billed'>
}

export interface Asked<T> {
  readonly row: AttemptRow
  /** Null when the model gave no answer. */
  readonly answer: T | null
}

/** Asks a model of the pool once: nothing reaches a client, and errors stay here. Null, unasked, when its circuit is open. */
export async function askOnce<T>(model: PoolModel, question: Question<T>, { clock, dispatch, health }: AskPorts): Promise<Asked<T> | null> {
  const { rev } = model
  const { n, purpose, codec, inputTokens, leftMs } = question
  const t0 = clock.now()
  if (!health.enter(rev.id, t0)) return null
  const start = clock.monotonic()
  const key = model.access.credential()
  let flight: Flight | null = null
  let status: number | null = null
  const ended = (): EndedAttempt => {
    const { sentMs, firstByteMs, endMs } = timesOf(flight, start, clock.monotonic())
    return { n, model, t0, sentMs, firstByteMs, endMs, status, splices: [], losses: [] }
  }
  const late = setTimeout(() => flight?.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'it took too long')), leftMs)
  try {
    const body = JSON.stringify(question.body())
    const headers = writeHeaders({ inbound: question.inbound, request: { stream: false } }, model, codec, false)
    const path = codec.endpoint(rev.name, false)
    flight = dispatch(rev)({ baseURL: model.access.baseURL, path, headers, body, timeouts: question.timeouts })
    question.begun(flight)
    const answer = await flight.answer
    status = answer.status
    const { bytes, body: said } = await readAnswer(answer, flight, leftMs, codec)
    const reported = codec.readUsage(said)
    const chars = unreportedChars(reported, () => codec.readReply(said), bytes.length)
    const { usage, source, cost } = priceUsage(rev, reported, inputTokens, chars)
    const read = question.read(said)
    health.leave(rev.id, { kind: 'ok' }, clock.now())
    return { row: { ...writeRow(ended(), usage, 'ok', null, source, cost, 'yes'), purpose }, answer: read }
  } catch (error) {
    const fault = asFault(error)
    // For the next question: nobody waits longer for this one.
    if (fault.code === 'E_AUTH' && key !== null) void model.access.renew?.(key)
    const verdict = question.judge({ fault, status, sent: flight?.times.sent != null, unsent: flight === null })
    health.leave(rev.id, verdict.health, clock.now())
    const outcome = fault.code === 'E_UPSTREAM_TIMEOUT' ? 'timeout' : fault.code === 'E_CANCELLED' ? 'cancelled' : 'error'
    const maybe = verdict.billed === 'maybe' ? priceUsage(rev, NO_USAGE, inputTokens, 0) : null
    const row = writeRow(ended(), maybe?.usage ?? NO_USAGE, outcome, fault, maybe?.source ?? 'none', maybe?.cost ?? 0, verdict.billed)
    return { row: { ...row, purpose }, answer: null }
  } finally {
    clearTimeout(late)
  }
}
