import { asFault, Fault, newId } from '../kit/index.js'
import type { BatchLineRow, BatchSentRow } from '../ledger/index.js'
import type { PoolModel } from '../route/index.js'
import { batchTarget } from './ask-provider.js'
import { nextStep } from './choose-step.js'
import { allLines, type BatchContext, goTo, type Job, yieldToClients } from './context.js'
import { failAttempt } from './end-line.js'
import { decideAgain, decideLine, writeLine, writeOrSkip } from './prepare-line.js'
import type { OutgoingItem } from './providers/batch-api.js'

/** A batch whose creation was interrupted is searched for after this long: by then the provider has it or never will. */
const SETTLE_MS = 3000
/** How often a failing provider is asked to create a batch before its lines go elsewhere; as often again it is asked whether it did. */
const TRIES = 4
const RETRY_MS = 5000

/** The name of a line at a provider: each attempt has its own, so that results can be assigned to it. */
export function itemId({ call, tries }: Pick<BatchLineRow, 'call' | 'tries'>): string {
  return `${call}-${tries}`
}

/** Lines that go to a provider in one batch. */
interface Group {
  readonly model: string
  readonly format: string
  readonly calls: string[]
  bytes: number
}

/** Puts the ready lines of a job that are to go through a batch into batches: one model, one format, within the provider's bounds. */
export async function formGroups(job: Job, context: BatchContext): Promise<void> {
  const { store, settings, parts } = context
  const groups: Group[] = []
  /** The groups that still take lines, by model and format. */
  const open = new Map<string, Group>()
  for (const line of allLines(job, store, 'ready')) {
    const item = await prepareItem(job, line, context)
    if (item === null) continue
    const { model, format, bytes, maxBytes } = item
    const key = `${model} ${format}`
    let group = open.get(key)
    if (group === undefined || group.calls.length >= settings.groupLines || group.bytes + bytes > maxBytes) {
      group = { model, format, calls: [], bytes: 0 }
      groups.push(group)
      open.set(key, group)
    }
    group.calls.push(line.call)
    group.bytes += bytes
  }
  for (const { model, format, calls } of groups)
    await store.group({ id: newId(parts.clock.now()), job: job.id, model, format, madeAt: parts.clock.now() }, calls)
}

/** Null for a line whose next step is no batch, or that goes on along its plan because it cannot be sent in one. */
async function prepareItem(job: Job, line: BatchLineRow, context: BatchContext) {
  const next = nextStep(line, line.step)
  if (next.kind !== 'batch') return null
  await yieldToClients()
  const call = await decideAgain(job, line, context)
  if (call === null) return null
  const target = batchTarget(next.model, context)
  if (target === null) {
    await goTo(line, next.step + 1, context)
    return null
  }
  const written = await writeOrSkip({ ...line, step: next.step }, call, target.model, context)
  if (written === null) return null
  if (next.step !== line.step) await goTo(line, next.step, context)
  return { model: next.model, format: written.codec.format, bytes: written.request.body.length, maxBytes: target.api.maxBytes }
}

/** Has the provider make a batch, once: one whose answer was lost is looked for before it is made again. */
export async function makeBatch(job: Job, sent: BatchSentRow, context: BatchContext): Promise<void> {
  const { store, parts } = context
  const now = parts.clock.now()
  const target = batchTarget(sent.model, context)
  if (target === null) return giveUp(job, sent, new Fault('E_CONFIG', `${sent.model} is no longer configured`), context)
  const { model, api, send } = target
  try {
    if (sent.askedAt !== null) {
      if (now < sent.askedAt + (sent.tries === 0 ? SETTLE_MS : RETRY_MS)) return
      const others = new Set([...store.remotes(), ...sent.notOurs])
      const remote = await api.find({ id: sent.id, madeAt: sent.madeAt, lines: sent.lines, others }, send)
      if (remote !== null) return await store.mark(sent.id, { remote })
      if (sent.tries >= TRIES) return await giveUp(job, sent, new Fault('E_UPSTREAM', 'its provider made no batch of it'), context)
    }
    await store.mark(sent.id, { askedAt: now })
    const items = await writeItems(job, sent, model, context)
    const remote = await api.create({ id: sent.id, model: model.rev.name, format: sent.format as never, items }, send)
    await store.mark(sent.id, { remote })
  } catch (error) {
    const fault = asFault(error)
    parts.report(fault, sent.id)
    const refused = fault.status >= 400 && fault.status < 500 && fault.status !== 408 && fault.status !== 429
    if (refused || sent.tries + 1 >= 2 * TRIES) return giveUp(job, sent, fault, context)
    await store.mark(sent.id, { askedAt: parts.clock.now(), tries: sent.tries + 1 })
  }
}

async function writeItems(job: Job, sent: BatchSentRow, model: PoolModel, context: BatchContext): Promise<readonly OutgoingItem[]> {
  const items: OutgoingItem[] = []
  for (const line of context.store.linesOf(sent.id)) {
    await yieldToClients()
    const { request } = writeLine(decideLine(job, line, context), model, context)
    items.push({ id: itemId(line), body: JSON.parse(Buffer.from(request.body).toString('utf8')) as OutgoingItem['body'] })
  }
  return items
}

/** No batch can be created from these lines here: each continues along its plan. */
async function giveUp(job: Job, sent: BatchSentRow, fault: Fault, context: BatchContext): Promise<void> {
  const model = context.parts.setup().byId.get(sent.model)
  for (const line of context.store.linesOf(sent.id)) {
    if (model === undefined) await goTo(line, line.step + 1, context)
    else {
      const call = await decideAgain(job, line, context)
      if (call === null) continue
      const attempt = { call, model, written: writeLine(call, model, context), sentAt: sent.madeAt, through: 'batch' } as const
      // That a batch cannot be made says nothing of the request: 503 sends it to the next of its plan.
      await failAttempt(line, attempt, { fault, status: 503 }, context)
    }
  }
  await context.store.mark(sent.id, { endedAt: context.parts.clock.now() })
}
