import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../cli/built-program.js'
import { type BatchVendorOptions, type BatchVendors, batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { JOB, KILLS, type KilledJob, LINES, linesFor, MODELS, rateOf, runKilled } from './killed-job.js'

let code: string
beforeAll(() => {
  code = join(builtProgram(), 'dist')
}, 600_000)

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function vendorsWith(options: BatchVendorOptions): Promise<BatchVendors> {
  const vendors = await startBatchVendors(options)
  ends.push(() => vendors.close())
  return vendors
}

async function run(...args: Parameters<typeof runKilled>): Promise<KilledJob> {
  const job = await runKilled(...args)
  ends.push(() => job.remove())
  return job
}

it('loses and repeats no line of a batch, however often it is killed', async () => {
  // A batch exists a while before its creation is answered: a kill in between loses the answer.
  const vendors = await vendorsWith({ delayMs: 800, answerDelayMs: 250 })
  const config = batchConfig(vendors.url, { batch: { poll: '100ms', lines: Math.ceil(LINES / 24) } })
  let inTheMiddle = 0
  const { results, ledger, kills } = await run(code, config, linesFor(LINES), {
    kills: KILLS,
    // Every other kill is aimed at a batch that its provider has made and not yet told of.
    isDue: async (kill, { sinceMs, making }) => {
      if (kill % 2 === 0 ? sinceMs < 300 + 150 * kill : making === 0) return false
      if (kill % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 20 * kill))
      inTheMiddle += making > 0 ? 1 : 0
      return true
    },
  })
  expect(results.map((r) => r.custom_id)).toEqual(Array.from({ length: LINES }, (_, i) => `line-${i}`))
  expect(results.map((r) => r.response?.body.choices?.[0].message.content)).toEqual(results.map((_, i) => `echo question ${i}`))
  // Every line was at a provider once, and none was asked outside a batch.
  expect(new Set(vendors.batched.map((item) => item.prompt)).size).toBe(LINES)
  expect(vendors.batched).toHaveLength(LINES)
  expect(vendors.live).toEqual([])
  const calls = ledger.listCalls({})
  expect(calls).toHaveLength(LINES)
  expect(calls.filter((call) => call.status !== 'ok')).toEqual([])
  const nano = results.reduce((sum, _, i) => sum + rateOf(`${MODELS[i % 4]![0]}@batch`), 0)
  expect(ledger.batch.cost(JOB)).toBe(nano)
  expect(calls.reduce((sum, call) => sum + (call.costNano ?? 0), 0)).toBe(nano)
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongCallCosts: [], wrongHours: [] })
  console.info(
    `${kills} kills, ${inTheMiddle} of them while a batch was being made: ${LINES} lines once each in ${vendors.batches} batches, $${nano / 1e9}`,
  )
}, 1_800_000)

/** Kills, each while some lines are being asked live. */
async function killWhileAsking(afterSend: 'failover' | 'never') {
  const vendors = await vendorsWith({ liveDelayMs: 200 })
  const config = {
    // A provider of the same wire format, but without a batch API.
    providers: { lab: { wire: 'openai-chat', baseURL: `${vendors.url}/nothing/v1`, apiKey: 'sk' } },
    models: [{ id: 'lab/m', price: { input: 1, output: 2 } }],
    profiles: { balanced: { afterSend } },
  }
  const lines = KILLS * 12
  let seen = 0
  const job = await run(code, config, linesFor(lines, ['lab/m']), {
    kills: KILLS,
    // Between two kills something gets done.
    isDue: () => {
      if (vendors.asking < 2 || vendors.live.length < seen + 6) return false
      seen = vendors.live.length
      return true
    },
  })
  expect(job.kills).toBe(KILLS)
  expect(job.results.map((r) => r.custom_id)).toEqual(Array.from({ length: lines }, (_, i) => `line-${i}`))
  const asked = (i: number) => vendors.live.filter(({ prompt }) => prompt === `question ${i}`).length
  const interrupted = job.results.map(({ llmroute }) => llmroute.interrupted ?? 0)
  expect(interrupted.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(KILLS)
  for (const [i, { llmroute }] of job.results.entries()) {
    const { attempts } = job.ledger.getCall(llmroute.call)!
    const cut = attempts.filter((a) => a.errorCode === 'E_INTERRUPTED')
    expect(cut).toHaveLength(interrupted[i]!)
    expect(cut.every((a) => a.billed === 'maybe' && a.usageSource === 'estimated' && (a.costNano ?? 0) > 0)).toBe(true)
    expect(llmroute.costUsd).toBeCloseTo(attempts.reduce((sum, a) => sum + (a.costNano ?? 0), 0) / 1e9, 12)
    // No request went out that is not on record.
    expect(asked(i)).toBeLessThanOrEqual(attempts.length)
  }
  expect(job.ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongCallCosts: [], wrongHours: [] })
  return { ...job, vendors, asked, interrupted }
}

it('asks no line again that was on its way when it was killed, where the profile forbids that, and says so', async () => {
  const { results, asked, interrupted } = await killWhileAsking('never')
  for (const [i, { response, llmroute }] of results.entries()) {
    expect(asked(i)).toBeLessThanOrEqual(1)
    if (interrupted[i] === 0) expect(response?.body.choices?.[0].message.content).toBe(`echo question ${i}`)
    else {
      expect(llmroute.status).toBe('failed')
      expect(response).toMatchObject({
        status_code: 503,
        body: { error: { message: expect.stringMatching(/may have been served, and billed/) } },
      })
    }
  }
}, 600_000)

it('loses no line that was on its way when it was killed, and counts what it asks again', async () => {
  const { results, vendors, interrupted } = await killWhileAsking('failover')
  expect(results.map((r) => r.response?.body.choices?.[0].message.content)).toEqual(results.map((_, i) => `echo question ${i}`))
  const again = interrupted.reduce((sum, n) => sum + n, 0)
  expect(vendors.live.length).toBeLessThanOrEqual(results.length + again)
  console.info(`${results.length} lines asked live, ${vendors.live.length} requests, ${again} of them cut off by ${KILLS} kills`)
}, 600_000)
