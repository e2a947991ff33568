import type { Usage } from '../canonical/index.js'
import { asFault, Fault } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import { hideSecrets, readAnswer } from '../route/index.js'
import { readRateLimit } from '../upstream/index.js'
import { nextStep } from './choose-step.js'
import { allLines, type BatchContext, goTo, type Job } from './context.js'
import { answerLine, type FailedLine, failAttempt, failLine, type LineAttempt } from './end-line.js'
import { decideAgain, writeOrSkip } from './prepare-line.js'

/** Share of a rate limit reserved for clients' calls. */
const LEFT_TO_CLIENTS = 0.25

/** Times that a line is asked before a failure that may pass is its last, and the first pause between two; each is twice the one before. */
const MOST_TRIES = 8
const PAUSE_MS = 1000

export type LiveSender = ReturnType<typeof createLiveSender>

/** Sends lines one by one, a few at once, in the background of clients: for models without a batch API, or without time for one. */
export function createLiveSender() {
  const flying = new Map<string, Promise<void>>()
  /** When lines that failed for a passing reason are asked again. Losing it costs an attempt too early. */
  const resting = new Map<string, number>()
  return {
    /** Whether this process is asking the line now. */
    isAsking: (call: string) => flying.has(call),
    /** Asks as many of a job's ready lines as may be asked now. */
    fill(job: Job, context: BatchContext, onEnd: () => void) {
      const most = context.busy() > 0 ? 1 : context.settings.live
      if (flying.size >= most) return
      for (const line of allLines(job, context.store, 'ready')) {
        if (flying.size >= most) return
        if (flying.has(line.call) || (resting.get(line.call) ?? 0) > context.parts.clock.now()) continue
        resting.delete(line.call)
        const next = nextStep(line, line.step)
        if (next.kind === 'batch') continue
        if (next.kind === 'live' && !mayAsk(next.model, context)) continue
        const rest = (ms: number) => resting.set(line.call, context.parts.clock.now() + ms)
        const asked = askLine(job, line, next.kind === 'live' ? next : null, context, rest)
          .catch((error: unknown) => context.parts.report(error, line.call))
          .finally(() => {
            flying.delete(line.call)
            onEnd()
          })
        flying.set(line.call, asked)
      }
    },
    /** Resolves when what is in flight has ended. */
    async drain() {
      await Promise.all(flying.values())
    },
  }
}

/** Not while its circuit is open, nor when clients may soon need what its limit leaves. */
function mayAsk(model: string, { parts: { health, clock } }: BatchContext): boolean {
  const { breaker, quotaLeft } = health.read(model, clock.now())
  return breaker !== 'open' && (quotaLeft === null || quotaLeft >= LEFT_TO_CLIENTS)
}

async function askLine(
  job: Job,
  line: BatchLineRow,
  next: { readonly step: number; readonly model: string } | null,
  context: BatchContext,
  rest: (ms: number) => void,
): Promise<void> {
  const { parts, store } = context
  const { clock, health } = parts
  const call = await decideAgain(job, line, context)
  if (call === null) return
  const model = next === null ? undefined : call.setup.byId.get(next.model)
  if (next === null || model === undefined)
    return failLine(line, call, new Fault('E_NO_CANDIDATE', 'no model of its plan is configured any more'), null, context)
  const at: BatchLineRow = { ...line, step: next.step }
  const written = await writeOrSkip(at, call, model, context)
  if (written === null || !health.enter(model.rev.id, clock.now())) return
  const attempt: LineAttempt = { call, model, written, sentAt: clock.now(), through: 'serve' }
  const isOurs = await store.ask(line.call, { atMs: attempt.sentAt, step: next.step }).catch((error: unknown) => {
    parts.report(error, line.call)
    return false
  })
  if (!isOurs) return health.leave(model.rev.id, { kind: 'neutral' }, clock.now())
  const sent = await sendAttempt(attempt, context)
  if (sent.fault === null) return answerLine(at, attempt, sent.body, context)
  // A limit that will pass is waited out rather than paid for with another model: there is time.
  if (sent.status === 429 && clock.now() < job.deadlineAt) {
    health.leave(model.rev.id, { kind: 'limited', retryAfterMs: sent.fault.retryAfterMs ?? null }, clock.now())
    return goTo(line, line.step, context)
  }
  const mayWait = line.tries < MOST_TRIES && clock.now() < job.deadlineAt
  if (await failAttempt(at, attempt, sent, context, mayWait)) rest(PAUSE_MS * 2 ** line.tries)
}

type SentAttempt = { readonly fault: null; readonly body: unknown } | FailedLine

async function sendAttempt({ call, model, written }: LineAttempt, { parts }: BatchContext): Promise<SentAttempt> {
  const { clock, health } = parts
  let status: number | null = null
  let usage: Usage | undefined
  const spent = (used: Usage): void => {
    usage = used
  }
  try {
    const flight = parts.dispatch(model.rev)(written.request)
    const answer = await flight.answer
    status = answer.status
    const limits = readRateLimit(answer.headers, clock.now())
    if (limits !== null) health.limits(model.rev.id, limits, clock.now())
    const { body } = await readAnswer(answer, flight, call.policy.timeouts.totalMs, written.codec, spent)
    return { fault: null, body }
  } catch (error) {
    return { fault: hideSecrets(asFault(error), written.request.headers, model.access.headers), status, usage }
  }
}
