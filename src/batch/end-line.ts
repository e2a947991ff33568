import type { Usage } from '../canonical/index.js'
import { asFault, type Fault, timeOfId } from '../kit/index.js'
import type { AttemptRow, BatchLineRow, CallSettle, LineEnd } from '../ledger/index.js'
import {
  baselineCost,
  baselineOf,
  type DecidedCall,
  deliveredRow,
  type EndedAttempt,
  errorText,
  failedRow,
  foldEnded,
  judgeFailure,
  needReply,
  type PoolModel,
  replyContext,
  settleCall,
  sumCosts,
  unreportedChars,
  type WrittenRequest,
} from '../route/index.js'
import { codecFor, restoreNames, withoutExtras } from '../wire/index.js'
import { nextStep } from './choose-step.js'
import { type BatchContext, specOf } from './context.js'

/** One attempt at a line: the model, what was sent, and when. */
export interface LineAttempt {
  readonly call: DecidedCall
  readonly model: PoolModel
  readonly written: WrittenRequest
  readonly sentAt: number
  readonly through: 'batch' | 'serve'
}

/** An answer: the line's call is settled and the line has ended, in one transaction. */
export async function answerLine(line: BatchLineRow, attempt: LineAttempt, body: unknown, context: BatchContext): Promise<void> {
  const { call, model, written, through } = attempt
  let usage: Usage | undefined
  let answer: string
  const reply = () => restoreNames(written.codec.readReply(body), written.names)
  try {
    usage = written.codec.readUsage(body)
    needReply(body, { status: 200, headers: {} }, written.codec)
    const foreign = written.codec.format !== call.codec.format
    answer = JSON.stringify(written.relayed ? body : call.codec.writeReply(foreign ? withoutExtras(reply()) : reply(), replyContext(call)))
  } catch (error) {
    await failAttempt(line, attempt, { fault: asFault(error), status: 200, usage }, context)
    return
  }
  const ended = endedOf(line, attempt, 200, context)
  const outputChars = unreportedChars(usage, reply, answer.length)
  const { row, usage: used } = deliveredRow(call, ended, { outcome: 'ok', usage, outputChars, finish: null, fault: null, reply: null })
  const served: AttemptRow = { ...row, purpose: through }
  const costNano = sumCosts([...earlier(line, context), served])
  const settle: CallSettle = {
    id: call.id,
    settledAtMs: context.parts.clock.now(),
    status: 'ok',
    model: model.rev.id,
    attempts: [served],
    costNano,
    baselineCostNano: baselineCost(used, model.rev, baselineOf(call)),
    // An answer from a batch has no time to first token.
    ttftMs: through === 'batch' ? null : ended.endMs,
    latencyMs: waitedFor(line, context),
    error: null,
    httpStatus: 200,
  }
  const end: LineEnd = { call: call.id, state: 'ok', answer: Buffer.from(answer), status: 200, model: model.rev.id, costNano, settle }
  await settleLine(end, call, through === 'serve' ? served : null, reply, context)
}

/** What an attempt came to that gave no answer. */
export interface FailedLine {
  readonly fault: Fault
  /** Null when nothing was answered. */
  readonly status: number | null
  /** What the provider says that it cost all the same. */
  readonly usage?: Usage | undefined
}

/**
 * An attempt that gave no answer: the line goes on along its plan, or ends with the fault. With `mayWait`, a failure that may pass and has cost
 * nothing does not end it: true then, and the same model is to be asked again.
 */
export async function failAttempt(
  line: BatchLineRow,
  attempt: LineAttempt,
  { fault, status, usage }: FailedLine,
  context: BatchContext,
  mayWait = false,
): Promise<boolean> {
  const { call, model, through } = attempt
  const failed = { fault, status, usage, sent: true, afterSend: through === 'batch' ? 'failover' : call.policy.afterSend } as const
  const verdict = judgeFailure(failed)
  if (through === 'serve') context.parts.health.leave(model.rev.id, verdict.health, context.parts.clock.now())
  // A batch API does not bill items without an answer; one that cannot be used is an answer.
  const billed = through === 'batch' && status !== 200 ? 'no' : verdict.billed
  const row: AttemptRow = { ...failedRow(call, endedOf(line, attempt, status, context), failed, { ...verdict, billed }), purpose: through }
  const next = nextStep(line, line.step + 1)
  const waits = mayWait && verdict.walk !== 'stop' && next.kind === 'over' && verdict.passing && billed === 'no'
  if (waits || (verdict.walk !== 'stop' && next.kind !== 'over'))
    await context.store.retry({ call: line.call, step: next.kind === 'over' ? line.step : next.step, live: line.live, attempt: row })
  else await failLine(line, call, fault, row, context)
  return waits
}

export interface FailedHow {
  readonly state?: 'failed' | 'expired' | 'cancelled'
  /** The process that asked it had died. */
  readonly interrupted?: boolean
}

/** The line ends without an answer; `call` is null when it never became one, or can no longer be decided. */
export async function failLine(
  line: BatchLineRow,
  call: DecidedCall | null,
  fault: Fault,
  attempt: AttemptRow | null,
  context: BatchContext,
  { state = 'failed', interrupted = false }: FailedHow = {},
): Promise<void> {
  const { status, body } = codecFor(specOf(line).format).writeFault(fault)
  const attempts = attempt === null ? [] : [attempt]
  const costNano = sumCosts([...earlier(line, context), ...attempts])
  const end = { call: line.call, state, answer: Buffer.from(JSON.stringify(body)), status, model: null, costNano, interrupted }
  const settle: CallSettle = {
    id: line.call,
    settledAtMs: context.parts.clock.now(),
    status: state === 'cancelled' ? 'cancelled' : 'error',
    model: null,
    attempts,
    costNano,
    baselineCostNano: null,
    ttftMs: null,
    latencyMs: waitedFor(line, context),
    error: errorText(fault),
    httpStatus: state === 'cancelled' ? 499 : status,
  }
  if (call !== null) return settleLine({ ...end, settle }, call, null, null, context)
  const wasOpened = line.chain !== null
  if (wasOpened) foldEnded(settle, context.parts)
  await context.store.end({ ...end, settle: wasOpened ? settle : null })
}

/** The call is settled as any other is; only its row is written together with the line's end. */
function settleLine(
  end: LineEnd,
  call: DecidedCall,
  served: AttemptRow | null,
  reply: Parameters<typeof settleCall>[3],
  { parts, store }: BatchContext,
): Promise<void> {
  const ledger = { ...parts.ledger, settle: (settle: CallSettle) => store.end({ ...end, settle }).then(Number) }
  return settleCall(call, end.settle!, served, reply, { ...parts, ledger })
}

/** From the line being taken in, which is when its call got its id, until now. */
function waitedFor({ call }: BatchLineRow, { parts }: BatchContext): number {
  return Math.max(0, parts.clock.now() - timeOfId(call))
}

/** Attempts that failed before, as the ledger has them. */
function earlier(line: BatchLineRow, context: BatchContext): readonly AttemptRow[] {
  return line.tries === 0 ? [] : (context.ledger()?.attemptsOf(line.call) ?? [])
}

function endedOf(
  line: BatchLineRow,
  { model, written, sentAt }: LineAttempt,
  status: number | null,
  { parts }: BatchContext,
): EndedAttempt {
  const endMs = Math.max(0, parts.clock.now() - sentAt)
  const { splices, losses } = written
  return { n: line.tries + 1, model, t0: sentAt, sentMs: 0, firstByteMs: endMs, endMs, status, splices, losses }
}
