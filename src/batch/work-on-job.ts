import { Fault } from '../kit/index.js'
import type { BatchSentRow } from '../ledger/index.js'
import { sendTo } from './ask-provider.js'
import { liveFromMs } from './choose-step.js'
import { collectBatch } from './collect.js'
import { decideAgain } from './decide-again.js'
import { decideLines } from './decide-lines.js'
import type { Desk, Job } from './desk.js'
import { failLine } from './end-line.js'
import { giveWay } from './give-way.js'
import { batchApiOf } from './providers/index.js'
import { allLines, formGroups, makeBatch } from './send-groups.js'
import { takeInterrupted } from './take-interrupted.js'
import type { Trickle } from './trickle.js'

/** What is remembered of jobs between turns; losing it costs one extra poll. */
export interface Memory {
  /** When each batch is polled next, and the pause after that. */
  readonly looks: Map<string, { at: number; pauseMs: number }>
  /** Jobs that wait for their budget, until when. */
  readonly short: Map<string, number>
}

const GROWTH = 1.5
const SHORT_MS = 10_000
/** Longest that lines of one job are decided before others have their turn. */
const TURN_MS = 1000

/** One turn of work on a job. True when there is more to do at once. */
export async function workOnJob(job: Job, desk: Desk, memory: Memory, trickle: Trickle, onEnd: () => void): Promise<boolean> {
  const { store, parts } = desk
  const now = parts.clock.now()
  await takeInterrupted(job, desk, trickle)
  if (job.cancelledAt !== null) await cancelLines(job, desk, trickle)
  else if (now >= liveFromMs(job.createdAt, job.deadlineAt)) await hurry(job, now, desk, trickle)
  let more = false
  if (job.cancelledAt === null && (memory.short.get(job.id) ?? 0) <= now) {
    let decided = await decideLines(job, desk)
    while (decided === 'more' && parts.clock.now() < now + TURN_MS) {
      await giveWay()
      decided = await decideLines(job, desk)
    }
    more = decided === 'more'
    if (decided === 'short') memory.short.set(job.id, now + SHORT_MS)
  }
  // Batches are as large as they can be: they are formed when all lines that can be have been decided.
  if (!more && job.cancelledAt === null) await formGroups(job, desk)
  for (const sent of store.sent(job.id)) more = (await tend(job, sent, desk, memory)) || more
  if (job.cancelledAt === null) trickle.fill(job, desk, onEnd)
  const counts = store.counts(job.id)
  if (counts.waiting + counts.ready + counts.sent === 0) await store.markJob(job.id, { endedAt: parts.clock.now() })
  return more
}

/** Creates, cancels or polls a batch, whatever is due. */
async function tend(job: Job, sent: BatchSentRow, desk: Desk, { looks }: Memory): Promise<boolean> {
  const { parts, settings, store } = desk
  const now = parts.clock.now()
  const isUnwanted = job.cancelledAt !== null || now >= liveFromMs(job.createdAt, job.deadlineAt)
  if (sent.remote === null) {
    if (isUnwanted && sent.askedAt === null) return dissolve(sent, desk)
    await makeBatch(job, sent, desk)
    return false
  }
  if (isUnwanted && sent.cancelledAt === null) {
    const model = parts.setup().byId.get(sent.model)
    const api = model === undefined ? null : batchApiOf(model.rev)
    if (model !== undefined && api !== null)
      await api.cancel(sent.remote, sendTo(model, desk)).catch((e: unknown) => parts.report(e, sent.id))
    await store.mark(sent.id, { cancelledAt: now })
  }
  const look = looks.get(sent.id) ?? { at: now, pauseMs: settings.pollMs }
  if (now < look.at) return false
  looks.set(sent.id, { at: now + look.pauseMs, pauseMs: Math.min(settings.maxPollMs, look.pauseMs * GROWTH) })
  const ended = await collectBatch(job, sent, desk)
  if (ended) looks.delete(sent.id)
  return ended
}

/** A batch whose creation was never requested is not created any more. */
async function dissolve(sent: BatchSentRow, { store, parts }: Desk): Promise<boolean> {
  for (const { call, step, live } of store.linesOf(sent.id)) await store.retry({ call, step, live, attempt: null })
  await store.mark(sent.id, { endedAt: parts.clock.now() })
  return true
}

async function cancelLines(job: Job, desk: Desk, trickle: Trickle): Promise<void> {
  const fault = new Fault('E_CANCELLED', 'the batch was cancelled')
  const how = { state: 'cancelled' } as const
  for (const line of allLines(job, 'waiting', desk)) await failLine(line, null, fault, null, desk, how)
  for (const line of allLines(job, 'ready', desk)) {
    // Requests in flight are paid for: their answers are kept.
    if (trickle.isAsking(line.call)) continue
    const call = await decideAgain(job, line, desk, how)
    if (call !== null) await failLine(line, call, fault, null, desk, how)
  }
}

/** Near the deadline unsent lines are sent live; past it they are reported, if the profile says so. */
async function hurry(job: Job, now: number, desk: Desk, trickle: Trickle): Promise<void> {
  const fault = new Fault('E_TIMEOUT', 'the deadline passed before its turn came')
  const how = { state: 'expired' } as const
  for (const line of allLines(job, 'ready', desk)) {
    if (trickle.isAsking(line.call)) continue
    if (now >= job.deadlineAt) {
      const call = await decideAgain(job, line, desk, how)
      if (call === null) continue
      if ((job.says.expired ?? desk.expired(call.policy.name)) === 'report') {
        await failLine(line, call, fault, null, desk, how)
        continue
      }
    }
    if (!line.live) await desk.store.retry({ call: line.call, step: line.step, live: true, attempt: null })
  }
}
