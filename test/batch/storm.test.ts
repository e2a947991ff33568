import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { asLogged, simulate } from '../../src/simulate/index.js'
import { builtProgram } from '../cli/built-program.js'
import type { Fate } from '../upstreams/batch-answers.js'
import { batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { JOB, KILLS, type KilledJob, LINES, linesFor, MODELS, rateOf, runKilled } from './killed-job.js'

let code: string
beforeAll(() => {
  code = join(builtProgram(), 'dist')
}, 600_000)

/** Of twenty items two fail, one is refused and one is not come to. */
function fateOf(prompt: string): Fate {
  const n = numberOf(prompt) % 20
  return n === 3 || n === 14 ? 'error' : n === 7 ? 'refused' : n === 9 ? 'expired' : 'ok'
}

function numberOf(prompt: string): number {
  return Number(prompt.split(' ')[1])
}

/** Names that the vendors know models by. */
const ID = new Map([
  ['gpt-5-mini', 'openai/gpt-5-mini'],
  ['gpt-5', 'openai/gpt-5'],
  ['claude-haiku-4-5', 'anthropic/claude-haiku-4.5'],
  ['gemini-2.5-flash', 'google/gemini-2.5-flash'],
])

/** Everything at once: slow and quick batches, items that fail, are refused or expire, whole batches that expire, limits and errors of live calls, and kills. */
async function storm(afterSend: 'failover' | 'never') {
  const expired = new Set<number>()
  const vendors = await startBatchVendors({
    delayMs: (nth) => 300 + ((nth * 397) % 1500),
    answerDelayMs: 150,
    fate: fateOf,
    expires: (nth) => {
      if (nth % 6 === 5) expired.add(nth)
      return nth % 6 === 5
    },
    liveDelayMs: 100,
    liveStatus: (prompt, nth) => (nth > 1 ? 200 : numberOf(prompt) % 40 === 3 ? 429 : numberOf(prompt) % 40 === 14 ? 503 : 200),
  })
  const models = MODELS.map(([id, input, output]) => {
    const half = { input: input / 2, output: output / 2 }
    return { id, price: { input, output }, batchPrice: half, flexPrice: half }
  })
  const config = batchConfig(vendors.url, {
    ...{ models, profiles: { balanced: { afterSend } } },
    batch: { poll: '100ms', lines: Math.ceil(LINES / 24) },
  })
  const cut = { making: 0, asking: 0 }
  let asked = 0
  const job = await runKilled(code, config, linesFor(LINES), {
    kills: KILLS,
    isDue: (kill, { sinceMs, making }) => {
      // First while batches are being made, then while lines are being asked; between two kills something gets done.
      const isDue = sinceMs > 300 && ((vendors.asking > 0 && vendors.live.length >= asked + 12) || (kill < KILLS / 2 && making > 0))
      if (!isDue) return false
      asked = vendors.live.length
      if (making > 0) cut.making++
      if (vendors.asking > 0) cut.asking++
      return true
    },
  })
  const sold = vendors.sold().map(({ prompt, service }) => {
    const [name, tier] = service.split('@')
    return { n: numberOf(prompt), service: tier === undefined ? ID.get(name!)! : `${ID.get(name!)}@${tier}` }
  })
  check(job, sold)
  expect(new Set(vendors.batched.map(({ id }) => id)).size).toBe(vendors.batched.length)
  const states = job.ledger.batch.counts(JOB)
  const interrupted = job.ledger.batch.interrupted(JOB)
  console.info(
    `afterSend ${afterSend}: ${LINES} lines, ${job.kills} kills (${cut.making} while batches were being made, ${cut.asking} while lines were being asked), ` +
      `${vendors.batches} batches, ${expired.size} of them expired, ${vendors.live.length} live requests, ${interrupted} of them cut off; ` +
      `${states.ok} answered, ${states.failed} failed, $${(job.ledger.batch.cost(JOB) ?? Number.NaN) / 1e9}`,
  )
  await vendors.close()
  return { ...job, sold, states, interrupted }
}

interface Sold {
  readonly n: number
  readonly service: string
}

/** What holds whatever the profile says of requests that were cut off. */
function check({ results, ledger, kills }: KilledJob, sold: readonly Sold[]): void {
  expect(kills).toBe(KILLS)
  expect(results.map((r) => r.custom_id)).toEqual(Array.from({ length: LINES }, (_, i) => `line-${i}`))
  let [paid, charged] = [0, 0]
  for (const [n, { response, llmroute }] of results.entries()) {
    const { call, attempts } = ledger.getCall(llmroute.call)!
    const sales = sold.filter((sale) => sale.n === n)
    if (llmroute.status === 'ok') {
      expect(response?.body.choices?.[0].message.content).toBe(`echo question ${n}`)
      const served = attempts.find((a) => a.billed === 'yes')!
      expect(served).toMatchObject({ model: llmroute.model, costNano: rateOf(served.model), outcome: 'ok' })
      expect(sales.map(({ service }) => service)).toContain(served.model)
    }
    expect(attempts.filter((a) => a.billed === 'no' && a.costNano !== 0)).toEqual([])
    expect(attempts.filter((a) => a.billed === 'maybe')).toHaveLength(llmroute.interrupted ?? 0)
    expect(call.costNano).toBe(attempts.reduce((sum, a) => sum + (a.costNano ?? 0), 0))
    // Nobody was asked for a line that was answered, and no request went out unrecorded.
    expect(sales.length).toBeLessThanOrEqual((llmroute.status === 'ok' ? 1 : 0) + (llmroute.interrupted ?? 0))
    if (llmroute.interrupted !== undefined) continue
    paid += call.costNano ?? Number.NaN
    charged += sales.reduce((sum, { service }) => sum + rateOf(service), 0)
  }
  expect(paid).toBe(charged)
  const calls = ledger.listCalls({})
  expect(calls).toHaveLength(LINES)
  expect(ledger.batch.cost(JOB)).toBe(calls.reduce((sum, call) => sum + (call.costNano ?? 0), 0))
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongCallCosts: [], wrongHours: [] })
  const [replayed] = simulate(ledger, [asLogged()])
  expect(replayed).toMatchObject({ calls: LINES, reproduced: LINES, repriced: LINES })
}

it('brings every line back once, through failures, expiry and kills, where what was cut off is reported', async () => {
  const { results, sold, remove } = await storm('never')
  for (const [n, { response, llmroute }] of results.entries()) {
    expect(sold.filter((sale) => sale.n === n).length).toBeLessThanOrEqual(1)
    if (llmroute.status === 'ok') continue
    const isRefused = llmroute.interrupted === undefined
    expect(response?.status_code).toBe(isRefused ? 400 : 503)
    if (isRefused) expect(fateOf(`question ${n}`)).toBe('refused')
    else expect(response?.body.error?.message).toMatch(/may have been served, and billed/)
  }
  await remove()
}, 1_800_000)

it('answers every line but the refused ones, through failures, expiry and kills, where what was cut off is asked again', async () => {
  const { results, remove } = await storm('failover')
  for (const [n, { response, llmroute }] of results.entries()) {
    if (llmroute.status === 'ok') continue
    expect(fateOf(`question ${n}`)).toBe('refused')
    expect(response?.status_code).toBe(400)
  }
  await remove()
}, 1_800_000)
