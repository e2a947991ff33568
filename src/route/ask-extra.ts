import { NO_USAGE, type Reply, type Request } from '../canonical/index.js'
import { asFault, Fault } from '../kit/index.js'
import type { AttemptPurpose, AttemptRow } from '../ledger/types.js'
import type { Flight } from '../upstream/index.js'
import { codecFor } from '../wire/index.js'
import { type EndedAttempt, timesOf } from './attempt.js'
import { writeRow } from './attempt-log.js'
import type { DecidedCall } from './call.js'
import { judgeFailure } from './judge-failure.js'
import { priceUsage } from './price-usage.js'
import { readAnswer } from './read-answer.js'
import type { RouterPorts } from './router-ports.js'
import type { PoolModel } from './setup.js'
import { writeHeaders } from './write-upstream.js'

export interface ExtraQuestion {
  readonly purpose: Extract<AttemptPurpose, 'judge' | 'shadow' | 'verify'>
  /** Number of the attempt within its call. */
  readonly n: number
  /** The question; its answer is not streamed. */
  readonly request: Request
  /** Prompt in reference tokens, for a provider that does not report usage. */
  readonly inputTokens: number
  /** Milliseconds that it may take in all. */
  readonly leftMs: number
}

export interface ExtraAnswer {
  readonly row: AttemptRow
  /** Null when the model gave no answer. */
  readonly reply: Reply | null
}

/** Asks a model once in addition to the call it belongs to: nothing reaches the client, and errors stay here. Null: not asked. */
export async function askExtra(call: DecidedCall, model: PoolModel, extra: ExtraQuestion, ports: RouterPorts): Promise<ExtraAnswer | null> {
  const { clock, health } = ports
  const { rev } = model
  const t0 = clock.now()
  if (!health.enter(rev.id, t0)) return null
  const start = clock.monotonic()
  const codec = codecFor(rev.wire)
  const request: Request = { ...extra.request, stream: false }
  let flight: Flight | null = null
  let status: number | null = null
  const ended = (): EndedAttempt => ({
    n: extra.n,
    model,
    t0,
    ...timesOf(flight, start, clock.monotonic()),
    status,
    splices: [],
    losses: [],
  })
  const late = setTimeout(() => flight?.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'it took too long')), extra.leftMs)
  try {
    const target = { name: rev.name, accepts: rev.accepts, keepsReasoning: false, clampOutput: null }
    const written = codec.writeRequest(request, target)
    flight = ports.dispatch(rev)({
      baseURL: model.access.baseURL,
      path: codec.endpoint(rev.name, false),
      headers: writeHeaders({ inbound: call.inbound, request }, model, codec, false),
      body: JSON.stringify(written.body),
      timeouts: call.policy.timeouts,
    })
    // The client of a judged call may disconnect; nobody waits for a shadow.
    if (extra.purpose === 'judge') {
      call.live.flight = flight
      if (call.live.gone !== null) flight.cancel(call.live.gone)
    }
    const answer = await flight.answer
    status = answer.status
    const { bytes, body } = await readAnswer(answer, flight, extra.leftMs, codec)
    const { usage, source, cost } = priceUsage(rev, codec.readUsage(body), extra.inputTokens, bytes.length)
    health.leave(rev.id, { kind: 'ok' }, clock.now())
    return { row: { ...writeRow(ended(), usage, 'ok', null, source, cost, 'yes'), purpose: extra.purpose }, reply: codec.readReply(body) }
  } catch (error) {
    const fault = asFault(error)
    const sent = flight?.times.sent != null
    const verdict = judgeFailure({ fault, status, sent, unsent: flight === null, afterSend: 'never' })
    // A model that cannot be asked this way may still serve clients: their own credential is used for nothing else.
    health.leave(rev.id, flight === null ? { kind: 'neutral' } : verdict.health, clock.now())
    const outcome = fault.code === 'E_UPSTREAM_TIMEOUT' ? 'timeout' : fault.code === 'E_CANCELLED' ? 'cancelled' : 'error'
    const maybe = verdict.billed === 'maybe' ? priceUsage(rev, NO_USAGE, extra.inputTokens, 0) : null
    const row = writeRow(ended(), maybe?.usage ?? NO_USAGE, outcome, fault, maybe?.source ?? 'none', maybe?.cost ?? 0, verdict.billed)
    return { row: { ...row, purpose: extra.purpose }, reply: null }
  } finally {
    if (extra.purpose === 'judge') call.live.flight = null
    clearTimeout(late)
  }
}
