import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { readLines, resultLines, showJob, submitJob } from '../../src/batch/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendorOptions, type BatchVendors, batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { PATIENT, until } from './until.js'

vi.setConfig(PATIENT)

let daemon: TestDaemon
let vendors: BatchVendors
afterEach(async () => {
  await daemon.end()
  await vendors.close()
})

async function start(options: BatchVendorOptions, more: Record<string, unknown> = {}): Promise<void> {
  vendors = await startBatchVendors(options)
  daemon = await runDaemon(batchConfig(vendors.url, more))
}

const TERMS = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const

async function submit(count: number, model = 'auto'): Promise<void> {
  const lines = readLines(Array.from({ length: count }, (_, i) => `question ${i}`).join('\n'), () => 'openai-chat', { model })
  await submitJob(daemon.ledger.batch, lines, TERMS, { atMs: Date.now(), deadlineMs: 86_400_000, id: 'batch_test' })
  daemon.runtime.batches.nudge()
}

const view = () => showJob(daemon.ledger.batch, daemon.ledger.batch.job('batch_test')!)

it('holds the money of its lines while they wait, and no more than the budget has', async () => {
  await start({ delayMs: 1000 }, { budgets: [{ scope: 'total', limit: '0.05/total' }] })
  await submit(400, 'openai/gpt-5')
  await until(() => view().counts.sent > 0)
  const scope = daemon.ledger.budgets(['total'])
  expect(scope).toHaveLength(1)
  await until(() => view().counts.sent === 0 && view().counts.ok > 0)
  const spent = (view().costUsd ?? 0) * 1e9
  expect(spent).toBeLessThanOrEqual(0.05 * 1e9)
  // What found no room waits for it, undecided.
  expect(view().counts.waiting).toBeGreaterThan(0)
  expect(view().counts.failed).toBe(0)
  expect(daemon.ledger.listCalls({}).filter((call) => call.status === 'running')).toEqual([])
})

it('does not cut an answer short for money that other lines only hold', async () => {
  await start({ delayMs: 300 }, { budgets: [{ scope: 'total', limit: '0.035/total' }] })
  // 1,000 tokens at ten dollars a million, in case that no batch does it: three whole answers fit, and half of a fourth.
  const text = Array.from({ length: 4 }, (_, i) =>
    JSON.stringify({ model: 'openai/gpt-5', max_tokens: 1000, messages: [{ role: 'user', content: `question ${i}` }] }),
  ).join('\n')
  const job = { atMs: Date.now(), deadlineMs: 86_400_000, id: 'batch_test' }
  await submitJob(
    daemon.ledger.batch,
    readLines(text, () => 'openai-chat'),
    TERMS,
    job,
  )
  daemon.runtime.batches.nudge()
  await until(() => view().counts.sent > 0)
  expect(view().counts).toMatchObject({ waiting: 1, sent: 3 })
  await until(() => view().counts.ok === 3)
  expect(vendors.batched).toHaveLength(3)
})

it('asks one by one where a provider refuses batches', async () => {
  await start({})
  // A provider of the same wire format, but without that API.
  await daemon.end()
  daemon = await runDaemon({
    providers: { lab: { wire: 'openai-chat', baseURL: `${vendors.url}/nothing/v1`, apiKey: 'sk' } },
    models: [{ id: 'lab/m', price: { input: 0.02, output: 0.02 }, batchPrice: { input: 0.01, output: 0.01 } }],
    batch: { poll: '100ms' },
  })
  await submit(5)
  await until(() => view().status === 'ended')
  expect(view().counts.ok).toBe(5)
  expect(vendors.batches).toBe(0)
  expect(vendors.live).toHaveLength(5)
  expect(view().costUsd).toBeCloseTo((5 * 120 * 0.02) / 1e6, 12)
})

it('leaves the last quarter of a rate limit to clients', async () => {
  const headers = {
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '20',
    'x-ratelimit-reset-requests': '1h',
  }
  vendors = await startBatchVendors({ headers })
  daemon = await runDaemon({
    providers: { lab: { wire: 'openai-chat', baseURL: `${vendors.url}/nothing/v1`, apiKey: 'sk' } },
    models: [{ id: 'lab/m', price: { input: 1, output: 1 } }],
    batch: { live: 2 },
  })
  await submit(20)
  await until(() => view().counts.ok === 2)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(vendors.live).toHaveLength(2)
  expect(view().counts).toMatchObject({ ok: 2, ready: 18 })
  // A client is served from what is left.
  const body = { model: 'lab/m', messages: [{ role: 'user', content: 'now' }] }
  expect((await daemon.post(body)).status).toBe(200)
})

it('calls back what is at a provider when a job is cancelled, and keeps what was answered', async () => {
  await start({ delayMs: 60_000 })
  await submit(8, 'google/gemini-2.5-flash')
  await until(() => vendors.batches > 0 && daemon.ledger.batch.sent('batch_test').every((sent) => sent.remote !== null))
  await daemon.ledger.batch.markJob('batch_test', { cancelledAt: Date.now() })
  await until(() => view().status === 'ended')
  expect(view().counts.cancelled).toBe(8)
  expect(daemon.ledger.listCalls({}).map((call) => call.status)).toEqual(Array(8).fill('cancelled'))
  const [first] = [...resultLines(daemon.ledger.batch, { id: 'batch_test' }, { withNote: true })].map((line) => JSON.parse(line))
  expect(first).toMatchObject({ error: 'the batch was cancelled', llmroute: { status: 'cancelled' } })
})

it('asks a secret manager again when its key has expired while a batch was waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'key')
  let taken = 'first'
  writeFileSync(file, taken)
  vendors = await startBatchVendors({ delayMs: 300, refuses: (headers) => headers['x-api-key'] !== taken })
  daemon = await runDaemon({
    ...batchConfig(vendors.url),
    providers: { anthropic: { baseURL: vendors.url, apiKey: { command: ['cat', file] } } },
    models: [{ id: 'anthropic/claude-haiku-4.5', price: { input: 1, output: 5 }, batchPrice: { input: 0.5, output: 2.5 } }],
  })
  await submit(2)
  await until(() => daemon.ledger.batch.sent('batch_test').some((sent) => sent.remote !== null))
  taken = 'second'
  writeFileSync(file, taken)
  await until(() => view().status === 'ended')
  expect([view().counts.ok, vendors.batched.length, vendors.live]).toEqual([2, 2, []])
})

it('goes on along the plan where a batch answers without a choice, and counts what that cost', async () => {
  await start({ fate: () => 'empty' })
  await submit(1, 'openai/gpt-5')
  await until(() => view().status === 'ended')
  expect(view().counts.ok).toBe(1)
  const [line] = [...resultLines(daemon.ledger.batch, { id: 'batch_test' }, { withNote: true })].map((text) => JSON.parse(text))
  expect(line).toMatchObject({ text: 'echo question 0', llmroute: { model: 'openai/gpt-5@flex' } })
  const [call] = daemon.ledger.listCalls({})
  expect(daemon.ledger.attemptsOf(call!.id)).toMatchObject([
    { purpose: 'batch', outcome: 'error', billed: 'maybe', inputTokens: 100, outputTokens: 20, costNano: 162_500 },
    { purpose: 'serve', outcome: 'ok' },
  ])
})

it('keeps a key to itself that the provider quotes when it refuses a batch or a line', async () => {
  const key = 'gateway-secret-of-the-lab'
  vendors = await startBatchVendors({ refuses: () => true })
  daemon = await runDaemon({
    providers: { openai: { baseURL: `${vendors.url}/v1`, apiKey: key } },
    models: [{ id: 'openai/gpt-5', price: { input: 1, output: 5 }, batchPrice: { input: 0.5, output: 2.5 } }],
    batch: { poll: '100ms' },
  })
  await submit(1, 'openai/gpt-5')
  await until(() => view().status === 'ended')
  const results = [...resultLines(daemon.ledger.batch, { id: 'batch_test' }, { withNote: true })].join('')
  const calls = daemon.ledger.listCalls({})
  expect(calls.map((call) => call.error)).toEqual([expect.stringContaining('no key is')])
  expect(results).toContain('no key is')
  expect(JSON.stringify([results, calls, daemon.errors])).not.toContain(key)
})
