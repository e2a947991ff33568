import { Fault } from '../kit/index.js'
import type { AttemptRow, BatchLineRow } from '../ledger/index.js'
import { type DecidedCall, failedRow } from '../route/index.js'
import { nextStep } from './choose-step.js'
import { type BatchContext, cancelled, type Job, yieldToClients } from './context.js'
import { failLine } from './end-line.js'
import { decideAgain } from './prepare-line.js'
import type { LiveSender } from './send-live.js'

/** A line that was in flight this often when its process died may be the cause. */
const MOST = 5

/**
 * Lines that a process was sending live when it died. Each may have been served and billed, so none is sent again silently: the attempt is
 * recorded as possibly billed, and the profile decides what follows, as for any call that was sent and not answered.
 */
export async function takeInterrupted(job: Job, context: BatchContext, sender: Pick<LiveSender, 'isAsking'>): Promise<void> {
  for (const line of context.store.asked(job.id)) {
    if (sender.isAsking(line.call)) continue
    await yieldToClients()
    await endInterrupted(job, line, context)
  }
}

async function endInterrupted(job: Job, line: BatchLineRow, context: BatchContext): Promise<void> {
  const call = await decideAgain(job, line, context, { interrupted: true })
  if (call === null) return
  const fault = new Fault('E_INTERRUPTED', 'llmroute was stopped while this was being asked; it may have been served, and billed', {
    final: true,
  })
  const row = attemptOf(line, call, fault)
  if (job.cancelledAt !== null) return failLine(line, call, cancelled(), row, context, { state: 'cancelled', interrupted: true })
  if (call.policy.afterSend === 'never' || line.interrupted + 1 >= MOST)
    return failLine(line, call, fault, row, context, { interrupted: true })
  await context.store.retry({ call: line.call, step: line.step, live: line.live, attempt: row, interrupted: true })
}

/** At the expected price, since the real one is unknown. Null when the model is no longer configured. */
function attemptOf(line: BatchLineRow, call: DecidedCall, fault: Fault): AttemptRow | null {
  const next = nextStep(line, line.step)
  const model = next.kind === 'over' ? undefined : call.setup.byId.get(next.model)
  if (model === undefined) return null
  const failed = { fault, status: null, sent: true, afterSend: call.policy.afterSend }
  const t0 = line.askedAt ?? 0
  const ended = { n: line.tries + 1, model, t0, sentMs: 0, firstByteMs: null, endMs: 0, status: null, splices: [], losses: [] }
  const verdict = { walk: 'same', passing: true, health: { kind: 'neutral' }, billed: 'maybe' } as const
  return { ...failedRow(call, ended, failed, verdict), endMs: null }
}
