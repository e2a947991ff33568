import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { budgetScopes } from '../../src/route/budget-scopes.js'
import { asLogged, simulate } from '../../src/simulate/index.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

/** A vendor whose small model classifies, whose embedding model knows two subjects, and whose others answer. */
interface Vendor {
  readonly url: string
  /** Requests whose asker left before the answer. */
  left: number
  readonly asked: { readonly model: string; readonly body: Record<string, unknown> }[]
  reply: string
  delayMs: number
  close(): Promise<void>
}

async function startVendor(): Promise<Vendor> {
  const vendor = { asked: [] as Vendor['asked'], reply: '{"task":"math","complexity":"complex"}', delayMs: 0, left: 0 }
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = []
    res.on('close', () => {
      if (!res.writableFinished) vendor.left++
    })
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
      const model = String(body.model)
      vendor.asked.push({ model, body })
      const send = (value: unknown): void => {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(JSON.stringify(value))
      }
      if (model === 'vectors') {
        const data = (body.input as string[]).map((text, index) => ({ index, embedding: /pump|Pumpe/.test(text) ? [1, 0.1] : [0, 1] }))
        return send({ object: 'list', data, usage: { prompt_tokens: 5, total_tokens: 5 } })
      }
      const content = model === 'judge' ? vendor.reply : 'An answer.'
      const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }
      const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
      setTimeout(
        () => send({ id: 'x', object: 'chat.completion', created: 1, model, choices: [choice], usage }),
        model === 'judge' ? vendor.delayMs : 0,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}

/** Neither plainly easy nor plainly hard to the local classifier. */
const BETWEEN =
  'Which of our two billing runs should post the accrual when a contract changes in the middle of a month, and what happens to the other one?'
const price = { input: 1, output: 4 }
const settings = (url: string, classifier: unknown) => ({
  providers: { lab: { baseURL: url, apiKey: 'k' } },
  models: [
    { id: 'lab/small', price, quality: 0.5 },
    { id: 'lab/big', price: { input: 10, output: 40 }, quality: 0.9 },
    { id: 'lab/judge', price, quality: 0.1 },
    { id: 'lab/vectors', price: { input: 0.1, output: 0 }, kind: 'embedding' },
  ],
  classifier,
})
const ask = (content: string) => ({ model: 'auto', messages: [{ role: 'user', content }] })

let vendor: Vendor
let daemon: TestDaemon
beforeEach(async () => {
  vendor = await startVendor()
})
afterEach(async () => {
  await daemon.end()
  await vendor.close()
})
const judged = (): number => vendor.asked.filter((a) => a.model === 'judge').length

it('asks a model about an ambiguous request once, records what it cost, and heeds it', async () => {
  daemon = await runDaemon(settings(vendor.url, { llm: { model: 'lab/judge', minConfidence: 1 } }))
  expect((await daemon.post(ask(BETWEEN))).status).toBe(200)
  const { call, attempts } = await daemon.lastCall()
  expect(call).toMatchObject({ task: 'math', complexity: 'complex', attempts: 1 })
  expect(attempts.map((a) => [a.n, a.purpose, a.model])).toEqual([
    [1, 'classify', 'lab/judge'],
    [2, 'serve', call.model],
  ])
  expect(attempts[0]).toMatchObject({ inputTokens: 100, outputTokens: 20, costNano: 180_000 })
  expect(call.costNano).toBe(180_000 + (attempts[1]?.costNano ?? 0))
  await daemon.post(ask(BETWEEN))
  expect(judged()).toBe(1)
  expect((await daemon.lastCall()).call).toMatchObject({ complexity: 'complex' })
})

it('counts what asking costs against the budget, and asks nobody once the budget is used up', async () => {
  const classifier = { llm: { model: 'lab/judge', minConfidence: 1 } }
  daemon = await runDaemon({ ...settings(vendor.url, classifier), budgets: [{ scope: 'total', limit: '0.002/day' }] })
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) statuses.push((await daemon.post({ ...ask(`${BETWEEN} (${i})`), max_tokens: 60 })).status)
  expect(statuses[0]).toBe(200)
  expect(statuses.at(-1)).toBe(402)
  const asked = judged()
  expect(asked).toBeLessThan(12)
  const calls = daemon.ledger.listCalls({})
  const served = calls.filter((c) => c.status === 'ok').length
  expect(asked).toBeLessThanOrEqual(served + 1)
  expect(calls.reduce((sum, c) => sum + (c.costNano ?? 0), 0)).toBeLessThanOrEqual(2_000_000)
})

it('does not let calls that ask at the same time overspend together, and records what asking cost those that are refused', async () => {
  vendor.delayMs = 200
  const classifier = { llm: { model: 'lab/judge', minConfidence: 1 } }
  daemon = await runDaemon({ ...settings(vendor.url, classifier), budgets: [{ scope: 'total', limit: '0.002/day' }] })
  const all = await Promise.all(Array.from({ length: 30 }, (_, i) => daemon.post({ ...ask(`${BETWEEN} (${i})`), max_tokens: 60 })))
  const statuses = all.map(({ status }) => status)
  expect(statuses.filter((s) => s !== 200 && s !== 402)).toEqual([])
  expect(statuses).toContain(200)
  // Every question was paid for: at 100 tokens in and 20 out each.
  const calls = daemon.ledger.listCalls({})
  const spent = calls.reduce((sum, c) => sum + (c.costNano ?? 0), 0)
  expect(spent).toBeGreaterThanOrEqual(judged() * 180_000)
  expect(spent).toBeLessThanOrEqual(2_000_000)
  const asked = calls.flatMap(({ id }) => daemon.call(id).attempts).filter(({ purpose }) => purpose === 'classify')
  expect(asked).toHaveLength(judged())
  // What was held for questions is in no row, and no state that a replay rebuilds.
  const reproduced = calls.length
  expect(simulate(daemon.ledger, [asLogged()])).toMatchObject([{ reproduced, rechained: reproduced, repriced: reproduced }])
})

it('shortens an answer to what asking has left of the budget, rather than refuse it', async () => {
  const classifier = { llm: { model: 'lab/judge', minConfidence: 1 } }
  daemon = await runDaemon({ ...settings(vendor.url, classifier), budgets: [{ scope: 'total', limit: '0.004/day' }] })
  expect((await daemon.post(ask(BETWEEN))).status).toBe(200)
  expect(judged()).toBe(1)
})

it('asks nobody about what rules settle, client side calls, open tool loops and named models', async () => {
  daemon = await runDaemon(settings(vendor.url, { llm: { model: 'lab/judge', minConfidence: 1 } }))
  await daemon.post(ask('hi'))
  await daemon.post(ask('find out why this deadlocks under load and redesign the locking'))
  await daemon.post({ ...ask(BETWEEN), model: 'lab/small' })
  const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }
  await daemon.post({
    ...ask(BETWEEN),
    messages: [
      { role: 'user', content: BETWEEN },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: 'nothing' },
    ],
  })
  expect(judged()).toBe(0)
})

it.each([
  ['is late', { delayMs: 5000, reply: '' }, 'timeout'],
  ['says something else', { delayMs: 0, reply: 'I would say it is complex.' }, 'ok'],
])('keeps the local verdict when the model %s', async (_why, how, outcome) => {
  daemon = await runDaemon(settings(vendor.url, { llm: { model: 'lab/judge', minConfidence: 1, timeout: '150ms' } }))
  Object.assign(vendor, how)
  expect((await daemon.post(ask(BETWEEN))).status).toBe(200)
  const { call, attempts } = await daemon.lastCall()
  expect(call.task).not.toBe('math')
  expect(attempts[0]).toMatchObject({ purpose: 'classify', outcome })
})

it('stops asking when the client has left, asks no model for it, and records what that may have cost', async () => {
  vendor.delayMs = 20_000
  daemon = await runDaemon(settings(vendor.url, { llm: { model: 'lab/judge', minConfidence: 1, timeout: '10s' } }))
  const leave = new AbortController()
  daemon.post(ask(BETWEEN), { signal: leave.signal }).catch(() => {})
  await expect.poll(judged).toBe(1)
  leave.abort()
  await expect.poll(() => vendor.left).toBe(1)
  const { call, attempts } = await daemon.lastCall()
  expect(call).toMatchObject({ status: 'cancelled', httpStatus: 499 })
  expect(attempts.map((a) => [a.purpose, a.outcome, a.billed])).toEqual([['classify', 'cancelled', 'maybe']])
  expect(vendor.asked).toHaveLength(1)
})

it('does not ask when the question could cost more than allowed', async () => {
  daemon = await runDaemon(settings(vendor.url, { llm: { model: 'lab/judge', minConfidence: 1, maxUsdPerCall: 0.000001 } }))
  await daemon.post(ask(BETWEEN))
  expect(judged()).toBe(0)
})

it('compares with labelled examples by embedding, and pays for no text twice', async () => {
  daemon = await runDaemon(
    settings(vendor.url, { embeddings: { model: 'lab/vectors', neighbours: 1 }, examples: 'test/fixtures/pump-examples.jsonl' }),
  )
  const prompt = 'Welche Pumpe ist das im Keller?'
  // The first request has the library embedded without waiting for it.
  await daemon.post(ask(prompt))
  await expect.poll(() => vendor.asked.filter((a) => a.model === 'vectors').length).toBeGreaterThan(0)
  await expect
    .poll(async () => {
      await daemon.post(ask(prompt))
      return (await daemon.lastCall()).call.complexity
    })
    .toBe('complex')
  const { attempts } = await daemon.lastCall()
  const paid = vendor.asked.filter((a) => a.model === 'vectors').length
  await daemon.post(ask(prompt))
  expect((await daemon.lastCall()).call).toMatchObject({ task: 'planning', complexity: 'complex' })
  await daemon.restart()
  await daemon.post(ask(prompt))
  await expect
    .poll(async () => {
      await daemon.post(ask(prompt))
      return (await daemon.lastCall()).call.complexity
    })
    .toBe('complex')
  expect(vendor.asked.filter((a) => a.model === 'vectors')).toHaveLength(paid)
  expect(attempts.at(-1)?.purpose).toBe('serve')
})

const compared = (url: string, more: object = {}) => ({
  ...settings(url, { embeddings: { model: 'lab/vectors', neighbours: 1 }, examples: 'test/fixtures/pump-examples.jsonl' }),
  ...more,
})
const ofVectors = (): number => vendor.asked.filter((a) => a.model === 'vectors').length
const sumsOf = (calls: readonly { readonly costNano: number | null }[]): number => calls.reduce((sum, c) => sum + (c.costNano ?? 0), 0)

it('records what embedding the labelled examples costs as calls of its own, without their text, and counts it against budgets', async () => {
  daemon = await runDaemon(compared(vendor.url, { budgets: [{ scope: 'total', limit: '1/total' }] }))
  await daemon.post(ask('Welche Pumpe ist das im Keller?'))
  const own = () => daemon.ledger.listCalls({ client: 'llmroute' })
  await expect.poll(() => own().length > 0 && own().every((call) => call.status === 'ok')).toBe(true)
  await expect.poll(() => own().length).toBe(ofVectors())
  for (const call of own()) {
    expect(call).toMatchObject({ model: 'lab/vectors', sideKind: 'embedding', tags: ['examples'], costNano: 500 })
    expect(daemon.ledger.bodiesOf(call.id)).toBeNull()
  }
  const limit = { kind: 'total', id: null, per: 'total', limit: 1 } as const
  const [total] = budgetScopes([limit], { session: '', profile: '', key: null }, Date.now(), 0)
  const all = sumsOf(daemon.ledger.listCalls({}))
  expect(all).toBeGreaterThan(sumsOf(own()))
  expect(daemon.ledger.budgets([total?.scope ?? '']).map(({ spent }) => spent)).toEqual([all])
})

it('does not embed the labelled examples when no budget has room for that', async () => {
  const config = compared(vendor.url, { budgets: [{ scope: 'total', limit: '0.01/day' }] })
  const dear = { id: 'lab/vectors', price: { input: 100_000, output: 0 }, kind: 'embedding' }
  daemon = await runDaemon({ ...config, models: [...config.models.filter(({ id }) => id !== dear.id), dear] })
  expect((await daemon.post({ ...ask('Welche Pumpe ist das im Keller?'), max_tokens: 20 })).status).toBe(200)
  await expect.poll(() => daemon.ledger.listCalls({ client: 'llmroute' }).map((call) => call.status)).toEqual(['error'])
  expect(ofVectors()).toBe(0)
})
