import { asFault, Fault } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import { readAnswer } from '../route/index.js'
import { readRateLimit } from '../upstream/index.js'
import { nextStep } from './choose-step.js'
import { decideAgain, writeOrSkip } from './decide-again.js'
import type { Desk, Job } from './desk.js'
import { answerLine, chainOf, failLine, type LineAttempt, missLine } from './end-line.js'
import { allLines } from './send-groups.js'

/** Share of a rate limit reserved for clients' calls. */
const LEFT_TO_CLIENTS = 0.25

export interface Trickle {
  /** Asks as many of a job's ready lines as may be asked now. */
  fill(job: Job, desk: Desk, onEnd: () => void): void
  /** Whether this process is asking the line now. */
  isAsking(call: string): boolean
  /** Resolves when what is in flight has ended. */
  drain(): Promise<void>
}

/** Times that a line is asked before a failure that may pass is its last, and the first pause between two; each is twice the one before. */
const MOST_TRIES = 8
const PAUSE_MS = 1000

/** Sends lines one by one, a few at once, giving way to clients: for models without a batch API, or without time for one. */
export function createTrickle(): Trickle {
  const flying = new Map<string, Promise<void>>()
  /** When lines that failed for a passing reason are asked again. Losing it costs an attempt too early. */
  const resting = new Map<string, number>()
  return {
    isAsking: (call) => flying.has(call),
    fill(job, desk, onEnd) {
      const most = desk.busy() > 0 ? 1 : desk.settings.live
      if (flying.size >= most) return
      for (const line of allLines(job, 'ready', desk)) {
        if (flying.size >= most) return
        if (flying.has(line.call) || (resting.get(line.call) ?? 0) > desk.parts.clock.now()) continue
        resting.delete(line.call)
        const next = nextStep({ chain: chainOf(line), step: line.step, live: line.live })
        if (next.kind === 'batch') continue
        if (next.kind === 'live' && !mayAsk(next.model, desk)) continue
        const rest = (ms: number) => resting.set(line.call, desk.parts.clock.now() + ms)
        const asked = askLine(job, line, next.kind === 'live' ? next : null, desk, rest)
          .catch((error: unknown) => desk.parts.report(error, line.call))
          .finally(() => {
            flying.delete(line.call)
            onEnd()
          })
        flying.set(line.call, asked)
      }
    },
    async drain() {
      await Promise.all(flying.values())
    },
  }
}

/** Not while its circuit is open, nor when clients may soon need what its limit leaves. */
function mayAsk(model: string, { parts: { health, clock } }: Desk): boolean {
  const { breaker, quotaLeft } = health.read(model, clock.now())
  return breaker !== 'open' && (quotaLeft === null || quotaLeft >= LEFT_TO_CLIENTS)
}

async function askLine(
  job: Job,
  line: BatchLineRow,
  next: { readonly step: number; readonly model: string } | null,
  desk: Desk,
  rest: (ms: number) => void,
) {
  const { parts, store } = desk
  const { clock, health } = parts
  const call = await decideAgain(job, line, desk)
  if (call === null) return
  const model = next === null ? undefined : call.setup.byId.get(next.model)
  if (next === null || model === undefined)
    return failLine(line, call, new Fault('E_NO_CANDIDATE', 'no model of its plan is configured any more'), null, desk)
  const at: BatchLineRow = { ...line, step: next.step }
  const written = await writeOrSkip(at, call, model, desk)
  if (written === null || !health.enter(model.rev.id, clock.now())) return
  const attempt: LineAttempt = { call, model, written, sentAt: clock.now(), through: 'serve' }
  const isOurs = await store.ask(line.call, { atMs: attempt.sentAt, step: next.step }).catch((error: unknown) => {
    parts.report(error, line.call)
    return false
  })
  if (!isOurs) return health.leave(model.rev.id, { kind: 'neutral' }, clock.now())
  const { totalMs } = call.policy.timeouts
  const flight = parts.dispatch(model.rev)(written.request)
  let status: number | null = null
  let body: unknown
  try {
    const answer = await flight.answer
    status = answer.status
    const limits = readRateLimit(answer.headers, clock.now())
    if (limits !== null) health.limits(model.rev.id, limits, clock.now())
    body = (await readAnswer(answer, flight, totalMs, written.codec)).body
  } catch (error) {
    const fault = asFault(error)
    // A limit that will pass is waited out rather than paid for with another model: there is time.
    if (status === 429 && clock.now() < job.deadlineAt) {
      health.leave(model.rev.id, { kind: 'limited', retryAfterMs: fault.retryAfterMs ?? null }, clock.now())
      return store.retry({ call: line.call, step: line.step, live: line.live, attempt: null })
    }
    const mayWait = line.tries < MOST_TRIES && clock.now() < job.deadlineAt
    if (await missLine(at, attempt, fault, status, desk, mayWait)) rest(PAUSE_MS * 2 ** line.tries)
    return
  }
  await answerLine(at, attempt, body, desk)
}
