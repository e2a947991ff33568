import { Fault } from '../kit/index.js'
import type { AttemptRow, BatchLineRow } from '../ledger/index.js'
import { type DecidedCall, failedRow } from '../route/index.js'
import { nextStep } from './choose-step.js'
import { decideAgain } from './decide-again.js'
import type { Desk, Job } from './desk.js'
import { chainOf, failLine } from './end-line.js'
import { giveWay } from './give-way.js'
import type { Trickle } from './trickle.js'

/** A line that was in flight this often when its process died may be the cause. */
const MOST = 5

/**
 * Lines that a process was sending live when it died. Each may have been served and billed, so none is sent again silently: the attempt is
 * recorded as possibly billed, and the profile decides what follows, as for any call that was sent and not answered.
 */
export async function takeInterrupted(job: Job, desk: Desk, trickle: Pick<Trickle, 'isAsking'>): Promise<void> {
  for (const line of desk.store.asked(job.id)) {
    if (trickle.isAsking(line.call)) continue
    await giveWay()
    await judge(job, line, desk)
  }
}

async function judge(job: Job, line: BatchLineRow, desk: Desk): Promise<void> {
  const call = await decideAgain(job, line, desk, { interrupted: true })
  if (call === null) return
  const fault = new Fault('E_INTERRUPTED', 'llmroute was stopped while this was being asked; it may have been served, and billed', {
    final: true,
  })
  const row = attemptOf(line, call, fault)
  if (job.cancelledAt !== null)
    return failLine(line, call, new Fault('E_CANCELLED', 'the batch was cancelled'), row, desk, { state: 'cancelled', interrupted: true })
  if (call.policy.afterSend === 'never' || line.interrupted + 1 >= MOST)
    return failLine(line, call, fault, row, desk, { interrupted: true })
  await desk.store.retry({ call: line.call, step: line.step, live: line.live, attempt: row, interrupted: true })
}

/** At the expected price, since the real one is unknown. Null when the model is no longer configured. */
function attemptOf(line: BatchLineRow, call: DecidedCall, fault: Fault): AttemptRow | null {
  const next = nextStep({ chain: chainOf(line), step: line.step, live: line.live })
  const model = next.kind === 'over' ? undefined : call.setup.byId.get(next.model)
  if (model === undefined) return null
  const failed = { fault, status: null, sent: true, afterSend: call.policy.afterSend }
  const ended = {
    n: line.tries + 1,
    model,
    t0: line.askedAt ?? 0,
    sentMs: 0,
    firstByteMs: null,
    endMs: 0,
    status: null,
    splices: [],
    losses: [],
  }
  const verdict = { walk: 'same', passing: true, health: { kind: 'neutral' }, billed: 'maybe' } as const
  return { ...failedRow(call, ended, failed, verdict), endMs: null }
}
