import { afterEach, expect, it, vi } from 'vitest'
import { type ReadLine, readLines, resultLines, submitJob } from '../../src/batch/index.js'
import { asLogged, simulate } from '../../src/simulate/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendorOptions, type BatchVendors, batchConfig, startBatchVendors, TOKENS } from '../upstreams/batch-vendors.js'
import { PATIENT, until } from './until.js'

vi.setConfig(PATIENT)

let daemon: TestDaemon
let vendors: BatchVendors
afterEach(async () => {
  await daemon.end()
  await vendors.close()
})

const MODELS = ['openai/gpt-5-mini', 'openai/gpt-5', 'anthropic/claude-haiku-4.5', 'google/gemini-2.5-flash']
const PRICE: Record<string, readonly [number, number]> = {
  'openai/gpt-5-mini': [0.25, 2],
  'openai/gpt-5': [1.25, 10],
  'anthropic/claude-haiku-4.5': [1, 5],
  'google/gemini-2.5-flash': [0.3, 2.5],
}

async function start(options: BatchVendorOptions, more: Record<string, unknown> = {}): Promise<void> {
  vendors = await startBatchVendors(options)
  daemon = await runDaemon(batchConfig(vendors.url, more))
}

function linesFor(count: number): readonly ReadLine[] {
  const text = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      ...{ custom_id: `line-${i}`, method: 'POST', url: '/v1/chat/completions' },
      body: { model: MODELS[i % MODELS.length], messages: [{ role: 'user', content: `question ${i}` }] },
    }),
  ).join('\n')
  return readLines(text, () => 'openai-chat')
}

const TERMS = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const

async function run(lines: readonly ReadLine[], deadlineMs = 86_400_000, terms: object = {}): Promise<Result[]> {
  const store = daemon.ledger.batch
  const job = await submitJob(store, lines, { ...TERMS, ...terms }, { atMs: Date.now(), deadlineMs, id: 'batch_test' })
  daemon.runtime.batches.nudge()
  await until(() => store.job(job.id)?.endedAt !== null)
  return [...resultLines(store, job, { withNote: true })].map((line) => JSON.parse(line) as Result)
}

interface Result {
  readonly custom_id: string
  readonly response: {
    readonly status_code: number
    readonly body: { readonly choices?: [{ readonly message: { readonly content: string } }] }
  } | null
  readonly error: { readonly code: string } | null
  readonly llmroute: { readonly call: string; readonly model: string | null; readonly costUsd: number | null; readonly status: string }
}

/** What the tokens of one answer cost. */
function rate(model: string, share: number): number {
  const [input, output] = PRICE[model]!
  return (share * (TOKENS.input * input + TOKENS.output * output)) / 1e6
}

it('sends a thousand lines for four models through three batch APIs and brings them back in order, at batch rates', async () => {
  await start({ delayMs: 300 })
  const results = await run(linesFor(1000))
  expect(results).toHaveLength(1000)
  for (const [i, result] of results.entries()) {
    const model = MODELS[i % MODELS.length]!
    expect(result.custom_id).toBe(`line-${i}`)
    expect(result.response?.body.choices?.[0].message.content).toBe(`echo question ${i}`)
    expect(result.llmroute.model).toBe(`${model}@batch`)
    expect(result.llmroute.costUsd).toBeCloseTo(rate(model, 0.5), 12)
  }
  expect(vendors.live).toHaveLength(0)
  expect(vendors.batches).toBe(4)
  expect(daemon.errors).toEqual([])
  const calls = daemon.ledger.listCalls({})
  expect(calls).toHaveLength(1000)
  expect(calls.every((call) => call.status === 'ok')).toBe(true)
  expect(calls.every((call) => call.ttftMs === null && (call.latencyMs ?? 0) >= 300)).toBe(true)
})

it('walks on along the plan where an item failed, and finishes what a batch did not come to live', async () => {
  await start({
    fate: (prompt) => (prompt.endsWith('3') ? 'error' : prompt.endsWith('5') ? 'expired' : prompt.endsWith('7') ? 'refused' : 'ok'),
  })
  const results = await run(linesFor(40).map((line) => ({ ...line, body: { ...line.body, model: 'auto' } })))
  for (const [i, { custom_id, response, llmroute }] of results.entries()) {
    expect(custom_id).toBe(`line-${i}`)
    if (i % 10 === 7) expect(response?.status_code).toBe(400)
    else expect(response?.body.choices?.[0].message.content).toBe(`echo question ${i}`)
    if (i % 10 === 5) expect(llmroute.model).not.toMatch(/@batch$/)
  }
  const failedOver = daemon.call(results[3]!.llmroute.call)
  expect(failedOver.attempts.length).toBeGreaterThan(1)
  expect(failedOver.attempts[0]).toMatchObject({ purpose: 'batch', outcome: 'error', billed: 'no' })
  const [replayed] = simulate(daemon.ledger, [asLogged()])
  expect(replayed).toMatchObject({ reproduced: 40, rechained: 40, repriced: 40, changed: 0 })
})

it('reports what a batch did not come to, where the profile wants that', async () => {
  await start({ fate: (prompt) => (prompt.endsWith('5') ? 'expired' : 'ok') }, { profiles: { nightly: { expired: 'report' } } })
  const results = await run(linesFor(10), undefined, { profile: 'nightly' })
  expect(results[5]).toMatchObject({ custom_id: 'line-5', response: null, error: { code: 'batch_expired' } })
  expect(results.filter(({ llmroute }) => llmroute.status === 'ok')).toHaveLength(9)
  expect(vendors.live).toHaveLength(0)
})

it('asks lines one by one when the deadline is too near for a batch', async () => {
  await start({})
  const results = await run(linesFor(12), 60_000)
  expect(vendors.batches).toBe(0)
  expect(vendors.live).toHaveLength(12)
  for (const [i, { llmroute }] of results.entries()) expect(llmroute.costUsd).toBeCloseTo(rate(MODELS[i % 4]!, 1), 12)
})

it('goes on where it stopped after a restart, asking nothing twice', async () => {
  await start({ delayMs: 1500 })
  const store = daemon.ledger.batch
  await submitJob(store, linesFor(100), TERMS, { atMs: Date.now(), deadlineMs: 86_400_000, id: 'batch_test' })
  await until(() => vendors.batches === 4)
  await daemon.restart()
  await until(() => daemon.ledger.batch.job('batch_test')?.endedAt !== null)
  const results = [...resultLines(daemon.ledger.batch, { id: 'batch_test' }, { withNote: true })].map((line) => JSON.parse(line) as Result)
  expect(results.map((r) => r.llmroute.status)).toEqual(Array(100).fill('ok'))
  expect(vendors.batched).toHaveLength(100)
  expect(daemon.ledger.counts().calls).toBe(100)
})
