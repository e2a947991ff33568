import { asFault, Fault, newId } from '../kit/index.js'
import type { BatchLineRow, BatchSentRow } from '../ledger/index.js'
import { sendTo } from './ask-provider.js'
import { nextStep } from './choose-step.js'
import { decideAgain, writeOrSkip } from './decide-again.js'
import { type Desk, decideLine, type Job } from './desk.js'
import { chainOf, missLine } from './end-line.js'
import { giveWay } from './give-way.js'
import type { OutgoingItem } from './providers/batch-api.js'
import { batchApiOf } from './providers/index.js'
import { writeLine } from './write-line.js'

/** A batch whose creation was interrupted is searched for after this long: by then the provider has it or never will. */
const SETTLE_MS = 3000
/** How often a failing provider is asked to create a batch before its lines go elsewhere; as often again it is asked whether it did. */
const TRIES = 4
const RETRY_MS = 5000

/** The name of a line at a provider: each attempt has its own, so that results can be assigned to it. */
export function itemId({ call, tries }: Pick<BatchLineRow, 'call' | 'tries'>): string {
  return `${call}-${tries}`
}

/** Puts the ready lines of a job that are to go through a batch into batches: one model, one format, within the provider's bounds. */
export async function formGroups(job: Job, desk: Desk): Promise<void> {
  const { store, settings } = desk
  const groups = new Map<string, { readonly model: string; readonly format: string; bytes: number; calls: string[] }>()
  const full: { readonly model: string; readonly format: string; readonly calls: string[] }[] = []
  for (const line of allLines(job, 'ready', desk)) {
    const next = nextStep({ chain: chainOf(line), step: line.step, live: line.live })
    if (next.kind !== 'batch') continue
    await giveWay()
    const call = await decideAgain(job, line, desk)
    if (call === null) continue
    const model = call.setup.byId.get(next.model)
    const api = model === undefined ? null : batchApiOf(model.rev)
    if (model === undefined || api === null) {
      await store.retry({ call: line.call, step: next.step + 1, live: line.live, attempt: null })
      continue
    }
    const written = await writeOrSkip({ ...line, step: next.step }, call, model, desk)
    if (written === null) continue
    const { codec, request } = written
    const bytes = request.body.length
    const key = `${next.model} ${codec.format}`
    const group = groups.get(key) ?? { model: next.model, format: codec.format, bytes: 0, calls: [] }
    if (group.calls.length >= settings.groupLines || (group.calls.length > 0 && group.bytes + bytes > api.maxBytes)) {
      full.push({ ...group })
      Object.assign(group, { bytes: 0, calls: [] })
    }
    group.bytes += bytes
    group.calls.push(line.call)
    groups.set(key, group)
    if (next.step !== line.step) await store.retry({ call: line.call, step: next.step, live: line.live, attempt: null })
  }
  for (const { model, format, calls } of [...full, ...groups.values()])
    await store.group({ id: newId(desk.parts.clock.now()), job: job.id, model, format, madeAt: desk.parts.clock.now() }, calls)
}

/** Has the provider make a batch, once: one whose answer was lost is looked for before it is made again. */
export async function makeBatch(job: Job, sent: BatchSentRow, desk: Desk): Promise<void> {
  const { store, parts } = desk
  const now = parts.clock.now()
  const model = parts.setup().byId.get(sent.model)
  const api = model === undefined ? null : batchApiOf(model.rev)
  if (model === undefined || api === null) return giveUp(job, sent, asFault(new Error(`${sent.model} is no longer configured`)), desk)
  const send = sendTo(model, desk)
  try {
    if (sent.askedAt !== null) {
      if (now < sent.askedAt + (sent.tries === 0 ? SETTLE_MS : RETRY_MS)) return
      const others = new Set([...store.remotes(), ...sent.notOurs])
      const remote = await api.find({ id: sent.id, madeAt: sent.madeAt, lines: sent.lines, others }, send)
      if (remote !== null) return await store.mark(sent.id, { remote })
      if (sent.tries >= TRIES) return await giveUp(job, sent, new Fault('E_UPSTREAM', 'its provider made no batch of it'), desk)
    }
    await store.mark(sent.id, { askedAt: now })
    const items: OutgoingItem[] = []
    for (const line of store.linesOf(sent.id)) {
      await giveWay()
      const { request } = writeLine(decideLine(job, line, desk).call, model, desk)
      items.push({ id: itemId(line), body: JSON.parse(Buffer.from(request.body).toString('utf8')) as OutgoingItem['body'] })
    }
    const remote = await api.create({ id: sent.id, model: model.rev.name, format: sent.format as never, items }, send)
    await store.mark(sent.id, { remote })
  } catch (error) {
    const fault = asFault(error)
    parts.report(fault, sent.id)
    const refused = fault.status >= 400 && fault.status < 500 && fault.status !== 408 && fault.status !== 429
    if (refused || sent.tries + 1 >= 2 * TRIES) return giveUp(job, sent, fault, desk)
    await store.mark(sent.id, { askedAt: parts.clock.now(), tries: sent.tries + 1 })
  }
}

/** No batch can be created from these lines here: each continues along its plan. */
async function giveUp(job: Job, sent: BatchSentRow, fault: Fault, desk: Desk): Promise<void> {
  const model = desk.parts.setup().byId.get(sent.model)
  for (const line of desk.store.linesOf(sent.id)) {
    if (model === undefined) await desk.store.retry({ call: line.call, step: line.step + 1, live: line.live, attempt: null })
    else {
      const call = await decideAgain(job, line, desk)
      if (call === null) continue
      const attempt = { call, model, written: writeLine(call, model, desk), sentAt: sent.madeAt, through: 'batch' } as const
      // That a batch cannot be made says nothing of the request: 503 sends it to the next of its plan.
      await missLine(line, attempt, fault, 503, desk)
    }
  }
  await desk.store.mark(sent.id, { endedAt: desk.parts.clock.now() })
}

/** Lines of a state, in pages; lines changed on the way are not returned again. */
export function* allLines(job: Job, state: BatchLineRow['state'], { store }: Desk): Generator<BatchLineRow> {
  for (let after = -1; ; ) {
    const page = store.lines(job.id, { state, after, limit: 500 })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.n
  }
}
