import { Fault } from '../kit/index.js'
import type { BatchSentRow } from '../ledger/index.js'
import { batchTarget } from './ask-provider.js'
import { liveFromMs } from './choose-step.js'
import { collectBatch } from './collect.js'
import { allLines, type BatchContext, cancelled, goTo, type Job, yieldToClients } from './context.js'
import { decideLines } from './decide-lines.js'
import { failLine } from './end-line.js'
import { decideAgain } from './prepare-line.js'
import { formGroups, makeBatch } from './send-groups.js'
import type { LiveSender } from './send-live.js'
import { takeInterrupted } from './take-interrupted.js'

/** What is remembered of jobs between turns; losing it costs one extra poll. */
export interface JobMemory {
  /** When each batch is polled next, and the pause after that. */
  readonly polls: Map<string, { at: number; pauseMs: number }>
  /** Jobs that wait for their budget, until when. */
  readonly shortOfMoney: Map<string, number>
}

const GROWTH = 1.5
const SHORT_MS = 10_000
/** Longest that lines of one job are decided before others have their turn. */
const TURN_MS = 1000

/** One turn of work on a job. True when there is more to do at once. */
export async function workOnJob(
  job: Job,
  context: BatchContext,
  memory: JobMemory,
  sender: LiveSender,
  onEnd: () => void,
): Promise<boolean> {
  const { store, parts } = context
  const now = parts.clock.now()
  await takeInterrupted(job, context, sender)
  if (job.cancelledAt !== null) await cancelLines(job, context, sender)
  else if (now >= liveFromMs(job.createdAt, job.deadlineAt)) await hurryLines(job, now, context, sender)
  let more = job.cancelledAt === null && (await decideForAWhile(job, context, memory))
  // Batches are as large as they can be: they are formed when all lines that can be have been decided.
  if (!more && job.cancelledAt === null) await formGroups(job, context)
  for (const sent of store.sent(job.id)) more = (await workOnBatch(job, sent, context, memory)) || more
  if (job.cancelledAt === null) sender.fill(job, context, onEnd)
  const counts = store.counts(job.id)
  if (counts.waiting + counts.ready + counts.sent === 0) await store.markJob(job.id, { endedAt: parts.clock.now() })
  return more
}

/** True when there are lines left to decide that need not wait for their budget. */
async function decideForAWhile(job: Job, context: BatchContext, { shortOfMoney }: JobMemory): Promise<boolean> {
  const { clock } = context.parts
  const start = clock.now()
  if ((shortOfMoney.get(job.id) ?? 0) > start) return false
  let decided = await decideLines(job, context)
  while (decided === 'more' && clock.now() < start + TURN_MS) {
    await yieldToClients()
    decided = await decideLines(job, context)
  }
  if (decided === 'short') shortOfMoney.set(job.id, start + SHORT_MS)
  return decided === 'more'
}

/** Creates, cancels or polls a batch, whatever is due. */
async function workOnBatch(job: Job, sent: BatchSentRow, context: BatchContext, { polls }: JobMemory): Promise<boolean> {
  const { parts, settings, store } = context
  const now = parts.clock.now()
  const isUnwanted = job.cancelledAt !== null || now >= liveFromMs(job.createdAt, job.deadlineAt)
  if (sent.remote === null) {
    if (isUnwanted && sent.askedAt === null) return dissolveBatch(sent, context)
    await makeBatch(job, sent, context)
    return false
  }
  if (isUnwanted && sent.cancelledAt === null) {
    const target = batchTarget(sent.model, context)
    await target?.api.cancel(sent.remote, target.send).catch((error: unknown) => parts.report(error, sent.id))
    await store.mark(sent.id, { cancelledAt: now })
  }
  const poll = polls.get(sent.id) ?? { at: now, pauseMs: settings.pollMs }
  if (now < poll.at) return false
  polls.set(sent.id, { at: now + poll.pauseMs, pauseMs: Math.min(settings.maxPollMs, poll.pauseMs * GROWTH) })
  const ended = await collectBatch(job, sent, context)
  if (ended) polls.delete(sent.id)
  return ended
}

/** A batch whose creation was never requested is not created any more. */
async function dissolveBatch(sent: BatchSentRow, context: BatchContext): Promise<boolean> {
  for (const line of context.store.linesOf(sent.id)) await goTo(line, line.step, context)
  await context.store.mark(sent.id, { endedAt: context.parts.clock.now() })
  return true
}

async function cancelLines(job: Job, context: BatchContext, sender: LiveSender): Promise<void> {
  const fault = cancelled()
  const how = { state: 'cancelled' } as const
  for (const line of allLines(job, context.store, 'waiting')) await failLine(line, null, fault, null, context, how)
  for (const line of allLines(job, context.store, 'ready')) {
    // Requests in flight are paid for: their answers are kept.
    if (sender.isAsking(line.call)) continue
    const call = await decideAgain(job, line, context, how)
    if (call !== null) await failLine(line, call, fault, null, context, how)
  }
}

/** Near the deadline unsent lines are sent live; past it they are reported, if the profile says so. */
async function hurryLines(job: Job, now: number, context: BatchContext, sender: LiveSender): Promise<void> {
  const fault = new Fault('E_TIMEOUT', 'the deadline passed before its turn came')
  const how = { state: 'expired' } as const
  for (const line of allLines(job, context.store, 'ready')) {
    if (sender.isAsking(line.call)) continue
    if (now >= job.deadlineAt) {
      const call = await decideAgain(job, line, context, how)
      if (call === null) continue
      if ((job.terms.expired ?? context.settings.expired(call.policy.name)) === 'report') {
        await failLine(line, call, fault, null, context, how)
        continue
      }
    }
    if (!line.live) await goTo({ ...line, live: true }, line.step, context)
  }
}
