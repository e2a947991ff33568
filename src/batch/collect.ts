import { asFault, Fault } from '../kit/index.js'
import type { BatchLineRow, BatchSentRow } from '../ledger/index.js'
import { batchTarget } from './ask-provider.js'
import { type BatchContext, cancelled, chainOf, goTo, type Job, yieldToClients } from './context.js'
import { answerLine, failAttempt, failLine, type LineAttempt } from './end-line.js'
import { decideAgain, writeLine } from './prepare-line.js'
import type { ItemResult } from './providers/batch-api.js'
import { itemId } from './send-groups.js'

/** Polls a batch once; when it has ended, every line gets its result. False while it runs. */
export async function collectBatch(job: Job, sent: BatchSentRow, context: BatchContext): Promise<boolean> {
  const { store, parts } = context
  const target = batchTarget(sent.model, context)
  if (target === null || sent.remote === null) {
    parts.report(new Fault('E_CONFIG', `${sent.model} is no longer configured; its batch ${sent.remote} is waited for`), sent.id)
    return false
  }
  const { model, api, send } = target
  const polled = await api.poll(sent.remote, send)
  if (polled.kind === 'running') return false
  const lines = store.linesOf(sent.id)
  const results = new Map(polled.results.map((result) => [result.id, result]))
  if (results.size > 0 && lines.length > 0 && !lines.some((line) => results.has(itemId(line)))) {
    await store.mark(sent.id, { remote: null, notOurs: [...sent.notOurs, sent.remote] })
    return false
  }
  for (const line of lines) {
    await yieldToClients()
    const call = await decideAgain(job, line, context)
    if (call === null) continue
    const attempt: LineAttempt = { call, model, written: writeLine(call, model, context), sentAt: sent.madeAt, through: 'batch' }
    await takeResult(job, line, attempt, results.get(itemId(line)), context)
  }
  await store.mark(sent.id, { endedAt: parts.clock.now() })
  return true
}

/** A line without a result was not reached by the provider. */
async function takeResult(
  job: Job,
  line: BatchLineRow,
  attempt: LineAttempt,
  result: ItemResult | undefined,
  context: BatchContext,
): Promise<void> {
  const { call, written } = attempt
  if (result?.kind === 'ok') return answerLine(line, attempt, result.body, context)
  if (result?.kind === 'error') {
    await failAttempt(line, attempt, { fault: readFault(written, result.status, result.body), status: result.status }, context)
    return
  }
  if (job.cancelledAt !== null) return failLine(line, call, cancelled(), null, context, { state: 'cancelled' })
  const says = job.terms.expired ?? context.settings.expired(call.policy.name)
  if (says === 'report' && result?.kind !== 'cancelled')
    return failLine(line, call, new Fault('E_TIMEOUT', 'the batch expired before its turn came'), null, context, { state: 'expired' })
  // The same model is tried live now, then the rest of the plan.
  const chain = chainOf(line)
  await goTo({ ...line, live: true }, Math.min(line.step, chain.length - 1), context)
}

function readFault({ codec }: LineAttempt['written'], status: number, body: unknown): Fault {
  try {
    return codec.readFault(status, {}, body)
  } catch (error) {
    return asFault(error)
  }
}
