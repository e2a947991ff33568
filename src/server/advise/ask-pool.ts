import { NO_USAGE, type Request, type Usage } from '../../canonical/index.js'
import { costOf } from '../../catalog/index.js'
import { asFault, type Clock, Fault } from '../../kit/index.js'
import type { AttemptRow } from '../../ledger/index.js'
import { type OnGone, type PoolModel, priceUsage, type RouterPorts, timesOf, usageColumns, writeHeaders } from '../../route/index.js'
import { type Answer, type Dispatch, type Flight, readWhole } from '../../upstream/index.js'
import { type Codec, codecFor } from '../../wire/index.js'

/** What asking needs of the world. */
export interface AskPorts {
  readonly clock: Clock
  readonly dispatch: RouterPorts['dispatch']
  readonly health: RouterPorts['health']
}

export interface Question {
  readonly model: PoolModel
  readonly path: (codec: Codec) => string
  readonly body: (codec: Codec) => unknown
  /** For the headers, and for the estimate when no usage is reported. */
  readonly request: Request
  readonly inputTokens: number
  readonly timeoutMs: number
  /** Number of the attempt within its call. */
  readonly n: number
  readonly onGone: OnGone
}

export interface Asked {
  /** The answer's body; null when it was late or bad. */
  readonly body: unknown
  readonly row: AttemptRow
}

/** Asks one model of the pool once, on llmroute's own behalf, with a time limit. Never rejects; null when its circuit is open. */
export async function askPool(question: Question, ports: AskPorts): Promise<Asked | null> {
  const { model, timeoutMs } = question
  const { clock, health } = ports
  if (!health.enter(model.rev.id, clock.now())) return null
  const codec = codecFor(model.rev.wire)
  const t0 = clock.now()
  const start = clock.monotonic()
  let flight: Flight | null = null
  const timer = setTimeout(() => flight?.cancel(new Fault('E_UPSTREAM_TIMEOUT', 'the time to ask is over')), timeoutMs)
  try {
    flight = send(question, codec, ports.dispatch(model.rev))
    question.onGone(flight.cancel)
    const answer = await flight.answer
    const body = await readBody(answer, flight)
    if (answer.status >= 400) throw codec.readFault(answer.status, answer.headers, body)
    const priced = priceUsage(model.rev, codec.readUsage(body), question.inputTokens, 0)
    health.leave(model.rev.id, { kind: 'ok' }, clock.now())
    return { body, row: rowOf({ outcome: 'ok', status: answer.status, errorCode: null }, priced.usage, priced.source, priced.cost, 'yes') }
  } catch (error) {
    const fault = asFault(error)
    const left = fault.code === 'E_CANCELLED'
    health.leave(model.rev.id, left ? { kind: 'neutral' } : { kind: 'failed', retryAfterMs: fault.retryAfterMs ?? null }, clock.now())
    const late = fault.code === 'E_UPSTREAM_TIMEOUT'
    const usage: Usage = { ...NO_USAGE, input: Math.round(question.inputTokens * model.rev.tokenizerRatio), output: 0 }
    const end = { outcome: left ? 'cancelled' : late ? 'timeout' : 'error', status: null, errorCode: fault.code } as const
    // One that was sent and not answered in time, or not waited for, may be billed.
    const row =
      (late || left) && flight?.times.sent != null
        ? rowOf(end, usage, 'estimated', costOf(usage, model.rev.rates), 'maybe')
        : rowOf(end, NO_USAGE, 'none', 0, 'no')
    return { body: null, row }
  } finally {
    clearTimeout(timer)
  }

  function rowOf(
    end: Pick<AttemptRow, 'outcome' | 'status' | 'errorCode'>,
    usage: Usage,
    usageSource: AttemptRow['usageSource'],
    costNano: number | null,
    billed: AttemptRow['billed'],
  ): AttemptRow {
    return {
      ...end,
      n: question.n,
      purpose: 'classify',
      model: model.rev.id,
      modelRev: model.hash,
      t0,
      ...timesOf(flight, start, clock.monotonic()),
      retryAfterMs: null,
      ...usageColumns(usage),
      usageSource,
      costNano,
      billed,
      splices: [],
      losses: [],
    }
  }
}

function send({ model, path, body, request, timeoutMs }: Question, codec: Codec, dispatch: Dispatch): Flight {
  return dispatch({
    baseURL: model.access.baseURL,
    path: path(codec),
    // A provider that only accepts the client's own credential is never asked: that credential is for the client's own requests.
    headers: writeHeaders({ inbound: { headers: {} }, request }, model, codec, false),
    body: JSON.stringify(body(codec)),
    timeouts: { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs },
  })
}

async function readBody(answer: Answer, flight: Flight): Promise<unknown> {
  const bytes = await readWhole(answer, (fault) => flight.cancel(fault), LONGEST)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new Fault('E_UPSTREAM', 'the answer is not JSON', { cause })
  }
}

/** Bytes: 100 vectors of 3,072 numbers, written out. */
const LONGEST = 8 * 1024 * 1024
