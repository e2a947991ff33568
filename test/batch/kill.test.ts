import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readLines, resultLines, submitJob } from '../../src/batch/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { compileSources } from '../server/compile-sources.js'
import { spawnDaemon } from '../server/spawn-daemon.js'
import { batchConfig, startBatchVendors, TOKENS } from '../upstreams/batch-vendors.js'

/** Times that the process is killed; the figure in docs/batch.md is of ten. */
const KILLS = Number(process.env.BATCH_KILLS ?? 3)
const LINES = Number(process.env.BATCH_LINES ?? 400)

/** Model, and USD per million tokens in and out. */
const MODELS = [
  ['openai/gpt-5-mini', 0.25, 2],
  ['openai/gpt-5', 1.25, 10],
  ['anthropic/claude-haiku-4.5', 1, 5],
  ['google/gemini-2.5-flash', 0.3, 2.5],
] as const

it('loses and repeats nothing, however often it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-batch-kill-'))
  const path = join(folder, 'ledger.db')
  const code = compileSources()
  // A batch exists a while before its creation is answered: a kill in between loses the answer.
  const vendors = await startBatchVendors({ delayMs: 800, answerDelayMs: 250 })
  const config = batchConfig(vendors.url, { batch: { poll: '100ms', lines: Math.ceil(LINES / 24) } })
  const text = Array.from({ length: LINES }, (_, i) => {
    const body = { model: MODELS[i % 4]![0], messages: [{ role: 'user', content: `question ${i}` }] }
    return JSON.stringify({ custom_id: `line-${i}`, method: 'POST', url: '/v1/chat/completions', body })
  }).join('\n')
  const terms = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const
  const first = await openLedger(path)
  const job = await submitJob(
    first.batch,
    readLines(text, () => 'openai-chat'),
    terms,
    {
      ...{ atMs: Date.now(), deadlineMs: 86_400_000, id: 'batch_test' },
    },
  )
  await first.close()

  let kills = 0
  let inTheMiddle = 0
  for (;;) {
    const daemon = await spawnDaemon(code.folder, path, config)
    const ledger = await openLedger(path, { readonly: true })
    const isOver = () => ledger.batch.job(job.id)?.endedAt !== null
    const isMaking = () => ledger.batch.sent(job.id).some((sent) => sent.askedAt !== null && sent.remote === null)
    // Every other kill is aimed at a batch that its provider has made and not yet told of.
    const until = kills < KILLS ? Date.now() + 300 + Math.random() * 1500 : Number.POSITIVE_INFINITY
    const isAimed = kills % 2 === 1 && kills < KILLS
    while (!isOver() && (isAimed ? !isMaking() : Date.now() < until)) await new Promise((resolve) => setTimeout(resolve, 5))
    const over = isOver()
    if (isAimed) await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
    await daemon.kill()
    if (!over) {
      kills++
      inTheMiddle += isMaking() ? 1 : 0
    }
    await ledger.close()
    if (over) break
  }

  const ledger = await openLedger(path)
  ledger.markInterrupted(Date.now())
  const results = [...resultLines(ledger.batch, job, { withNote: true })].map((line) => JSON.parse(line))
  expect(results.map((r) => r.custom_id)).toEqual(Array.from({ length: LINES }, (_, i) => `line-${i}`))
  expect(results.map((r) => r.response?.body.choices[0].message.content)).toEqual(
    Array.from({ length: LINES }, (_, i) => `echo question ${i}`),
  )
  // Every line was at a provider once, and none was asked outside a batch.
  expect(new Set(vendors.batched.map((item) => item.prompt)).size).toBe(LINES)
  expect(vendors.batched).toHaveLength(LINES)
  expect(vendors.live).toEqual([])
  const calls = ledger.listCalls({})
  expect(calls).toHaveLength(LINES)
  expect(calls.filter((call) => call.status !== 'ok')).toEqual([])
  let nano = 0
  for (let i = 0; i < LINES; i++) nano += (1000 * (TOKENS.input * MODELS[i % 4]![1] + TOKENS.output * MODELS[i % 4]![2])) / 2
  expect(ledger.batch.cost(job.id)).toBe(Math.round(nano))
  expect(calls.reduce((sum, call) => sum + (call.costNano ?? 0), 0)).toBe(Math.round(nano))
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongCallCosts: [], wrongHours: [] })
  console.info(
    `${kills} kills, ${inTheMiddle} of them while a batch was being made: ${LINES} lines once each in ${vendors.batches} batches, $${nano / 1e9}`,
  )
  await ledger.close()
  await vendors.close()
  code.remove()
  rmSync(folder, { recursive: true, force: true })
}, 1_800_000)
