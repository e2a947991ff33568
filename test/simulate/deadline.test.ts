import { afterEach, expect, it } from 'vitest'
import { readLines, submitJob } from '../../src/batch/index.js'
import { type Ledger, openLedger } from '../../src/ledger/index.js'
import {
  type Alternative,
  asLogged,
  modelsLogged,
  simulate,
  withDeadline,
  withModels,
  withPolicies,
  withPrice,
} from '../../src/simulate/index.js'
import { runDaemon } from '../server/run-daemon.js'
import { batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { servedLedger } from './served-ledger.js'

const DAY_MS = 86_400_000
const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** As logged, with every model of the pool at twice its price; nothing is said of their tiers. */
function twiceAsDear(ledger: Ledger): Alternative {
  return modelsLogged(ledger)
    .filter(({ tier }) => tier === undefined)
    .reduce((base, { id, rates }) => withPrice(base, id, (rates?.input ?? 0) * 2, (rates?.output ?? 0) * 2), asLogged())
}

it('takes calls that could have waited at batch rates, and only those', async () => {
  const log = await servedLedger([
    { session: 'a', turns: ['What is the capital of France?'] },
    { session: 'b', turns: ['Name three primes.'] },
  ])
  ends.push(log.remove)
  const ledger = await openLedger(log.path, { readonly: true })
  ends.push(() => ledger.close())
  const [now, day, minute] = simulate(ledger, [asLogged(), withDeadline(asLogged(), DAY_MS), withDeadline(asLogged(), 60_000)])
  expect(day?.policy).toBe('as logged, waiting up to 24 h')
  expect(now?.simulated.cost.value).toBe(now?.actual.cost)
  expect(day?.simulated.cost.value).toBeCloseTo((now?.actual.cost ?? 0) / 2, -1)
  expect(minute?.simulated.cost.value).toBe(now?.actual.cost)
  const [dearer] = simulate(ledger, [withDeadline(twiceAsDear(ledger), DAY_MS)])
  expect(dearer?.simulated.cost.value).toBeCloseTo(2 * (day?.simulated.cost.value ?? 0), -1)
})

it('does not pay for being there sooner', async () => {
  const vendors = await startBatchVendors({ liveDelayMs: 5 })
  ends.push(() => vendors.close())
  const price = (input: number, output: number) => ({ price: { input, output }, batchPrice: { input: input / 2, output: output / 2 } })
  const lab = { wire: 'openai-chat', baseURL: `${vendors.url}/nothing/v1`, apiKey: 'sk' }
  // Equal but for their price and their speed, which is all that counts here.
  const daemon = await runDaemon({
    providers: { lab },
    models: [
      { id: 'lab/quick', ...price(1.2, 1.2), quality: 0.9, speed: { ttftMs: 100, tokensPerSecond: 300 } },
      { id: 'lab/slow', ...price(1, 1), quality: 0.9, speed: { ttftMs: 20_000, tokensPerSecond: 5 } },
    ],
    profiles: { balanced: { weights: { cost: 0.3, quality: 0, latency: 0.7 } } },
  })
  ends.push(() => daemon.end())
  expect((await daemon.post({ model: 'auto', messages: [{ role: 'user', content: 'Name three primes.' }] })).status).toBe(200)
  expect((await daemon.lastCall()).call.model).toBe('lab/quick')
  const [day] = simulate(daemon.ledger, [withDeadline(asLogged(), DAY_MS)])
  expect(day?.byModel).toMatchObject([
    { model: 'lab/slow', simulatedCalls: 1 },
    { model: 'lab/quick', simulatedCalls: 0 },
  ])
})

it('leaves the later turns of a conversation live, without the cache that the first one would have left them', async () => {
  const log = await servedLedger([{ session: 'a', turns: ['What is the capital of France?', 'And of Spain?'] }])
  ends.push(log.remove)
  const ledger = await openLedger(log.path, { readonly: true })
  ends.push(() => ledger.close())
  const [first, second] = ledger.listCalls({}).sort((a, b) => a.seq - b.seq)
  const [day] = simulate(ledger, [withDeadline(asLogged(), DAY_MS)])
  expect(day?.savings.value).toBeLessThanOrEqual((first?.costNano ?? 0) / 2 + 1)
  expect(day?.simulated.cost.value).toBeGreaterThanOrEqual((first?.costNano ?? 0) / 2 + (second?.costNano ?? 0) - 1)
})

it('decides the lines of a batch again exactly as they were', async () => {
  const vendors = await startBatchVendors({ fate: (prompt) => (prompt.endsWith('3') ? 'expired' : 'ok') })
  ends.push(() => vendors.close())
  const daemon = await runDaemon(batchConfig(vendors.url))
  ends.push(() => daemon.end())
  const text = Array.from({ length: 20 }, (_, i) => JSON.stringify({ id: `${i}`, prompt: `What is ${i} times 13?` })).join('\n')
  const terms = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const
  const store = daemon.ledger.batch
  await submitJob(
    store,
    readLines(text, () => 'openai-chat'),
    terms,
    { atMs: Date.now(), deadlineMs: DAY_MS, id: 'batch_test' },
  )
  daemon.runtime.batches.nudge()
  for (let i = 0; i < 400 && store.job('batch_test')?.endedAt === null; i++) await new Promise((resolve) => setTimeout(resolve, 50))
  const [replayed] = simulate(daemon.ledger, [asLogged()])
  expect(replayed).toMatchObject({ calls: 20, reproduced: 20, rechained: 20, repriced: 20, changed: 0, excluded: [] })
  expect(replayed?.simulated.cost.value).toBe(replayed?.actual.cost)
  const [dearer] = simulate(daemon.ledger, [twiceAsDear(daemon.ledger)])
  expect(dearer?.simulated.cost.value).toBeCloseTo(2 * (replayed?.actual.cost ?? 0), -1)
  const [waiting] = simulate(daemon.ledger, [withDeadline(asLogged(), DAY_MS)])
  expect(waiting).toMatchObject({ changed: 0, savings: { value: 0 } })
  // The same configuration has the same tiers to choose from.
  const { pool, profiles } = daemon.runtime.setup()
  const policies = Object.fromEntries([...profiles].map(([name, { policy }]) => [name, policy]))
  const revs = pool.map(({ rev }) => rev)
  const same = withPolicies('the same', policies, policies.balanced!, revs)
  for (const alternative of [
    same,
    withDeadline(same, DAY_MS),
    withModels(
      asLogged(),
      revs.map(({ id }) => id),
    ),
  ])
    expect(simulate(daemon.ledger, [alternative])[0]).toMatchObject({ changed: 0, savings: { value: 0 } })
})
