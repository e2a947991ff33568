import { asFault, Fault } from '../kit/index.js'
import type { BatchLineRow, BatchSentRow } from '../ledger/index.js'
import { sendTo } from './ask-provider.js'
import { decideAgain } from './decide-again.js'
import type { Desk, Job } from './desk.js'
import { answerLine, chainOf, failLine, type LineAttempt, missLine } from './end-line.js'
import { giveWay } from './give-way.js'
import type { ItemResult } from './providers/batch-api.js'
import { batchApiOf } from './providers/index.js'
import { itemId } from './send-groups.js'
import { writeLine } from './write-line.js'

/** Polls a batch once; when it has ended, every line gets its result. False while it runs. */
export async function collectBatch(job: Job, sent: BatchSentRow, desk: Desk): Promise<boolean> {
  const { store, parts } = desk
  const model = parts.setup().byId.get(sent.model)
  const api = model === undefined ? null : batchApiOf(model.rev)
  if (model === undefined || api === null || sent.remote === null) {
    parts.report(new Fault('E_CONFIG', `${sent.model} is no longer configured; its batch ${sent.remote} is waited for`), sent.id)
    return false
  }
  const polled = await api.poll(sent.remote, sendTo(model, desk))
  if (polled.kind === 'running') return false
  const lines = store.linesOf(sent.id)
  const results = new Map(polled.results.map((result) => [result.id, result]))
  if (results.size > 0 && lines.length > 0 && !lines.some((line) => results.has(itemId(line)))) {
    await store.mark(sent.id, { remote: null, notOurs: [...sent.notOurs, sent.remote] })
    return false
  }
  for (const line of lines) {
    await giveWay()
    const call = await decideAgain(job, line, desk)
    if (call === null) continue
    const attempt: LineAttempt = { call, model, written: writeLine(call, model, desk), sentAt: sent.madeAt, through: 'batch' }
    await takeResult(job, line, attempt, results.get(itemId(line)), desk)
  }
  await store.mark(sent.id, { endedAt: parts.clock.now() })
  return true
}

/** A line without a result was not reached by the provider. */
async function takeResult(job: Job, line: BatchLineRow, attempt: LineAttempt, result: ItemResult | undefined, desk: Desk): Promise<void> {
  const { call, written } = attempt
  if (result?.kind === 'ok') return answerLine(line, attempt, result.body, desk)
  if (result?.kind === 'error') {
    const fault = readFault(written, result.status, result.body)
    await missLine(line, attempt, fault, result.status, desk)
    return
  }
  if (job.cancelledAt !== null)
    return failLine(line, call, new Fault('E_CANCELLED', 'the batch was cancelled'), null, desk, { state: 'cancelled' })
  const says = job.says.expired ?? desk.expired(call.policy.name)
  if (says === 'report' && result?.kind !== 'cancelled')
    return failLine(line, call, new Fault('E_TIMEOUT', 'the batch expired before its turn came'), null, desk, { state: 'expired' })
  // The same model is tried live now, then the rest of the plan.
  const chain = chainOf(line)
  await desk.store.retry({ call: line.call, step: Math.min(line.step, chain.length - 1), live: true, attempt: null })
}

function readFault({ codec }: LineAttempt['written'], status: number, body: unknown): Fault {
  try {
    return codec.readFault(status, {}, body)
  } catch (error) {
    return asFault(error)
  }
}
