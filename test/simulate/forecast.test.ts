import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { buildRuntime } from '../../src/server/index.js'
import { forecast } from '../../src/simulate/index.js'
import { startTalkative, type Talkative } from '../verify/talkative-provider.js'
import { ask } from './served-ledger.js'

const PRICE = { small: { input: 1, output: 4 }, large: { input: 3, output: 15 } } as const
const CHEAPEST = { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0 } as const
const BEST = { weights: { cost: 0, quality: 1, latency: 0 }, floor: 0 } as const

let provider: Talkative
let folder: string
let asked = 0
beforeAll(async () => {
  provider = await startTalkative({ verbosity: { small: 1, large: 1.5 } })
  folder = mkdtempSync(join(tmpdir(), 'llmroute-forecast-'))
})
afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

type Strategy = typeof CHEAPEST | typeof BEST

/** Asks for each of the models in turn, `rounds` times, with `live` as the default profile. */
async function serve(db: string, live: Strategy, models: readonly string[], rounds: number): Promise<void> {
  const overrides = {
    providers: { one: { baseURL: `${provider.origin}/v1`, apiKey: 'sk-one' } },
    models: (['small', 'large'] as const).map((name) => ({
      id: `one/${name}`,
      name,
      price: PRICE[name],
      quality: name === 'small' ? 0.7 : 0.95,
    })),
    default: 'live',
    profiles: { live, always: CHEAPEST },
  }
  const runtime = await buildRuntime(await loadConfig({ cwd: folder, env: {}, overrides }), { db, env: {}, appVersion: 'test' })
  for (let i = 0; i < rounds; i++)
    for (const model of models) {
      const content = `How many primes are there below ${(i % 30) + 10}?`
      const body = JSON.stringify({ model, messages: [{ role: 'user', content }] })
      await ask((inbound, outlet) => runtime.router.handle(inbound, outlet), body, `s${asked++}`)
    }
  await runtime.close()
}

it('compares the calls that asked alike: neither those that named a model nor those of a profile that stayed', async () => {
  const db = join(folder, 'ledger.db')
  await serve(db, CHEAPEST, ['auto', 'auto:always', 'one/small', 'one/large'], 40)
  await serve(db, BEST, ['auto', 'auto:always'], 40)

  const ledger = await openLedger(db, { readonly: true })
  const { predicted, happened, before, error, inside } = forecast(ledger)
  const calls = ledger.listCalls({}).filter((call) => call.requestedModel === 'auto' && call.model === 'one/large')
  await ledger.close()
  expect(before.calls).toBe(40)
  expect(happened.calls).toBe(40)
  expect(happened.costPerCall).toBeCloseTo(calls.reduce((sum, call) => sum + (call.costNano ?? 0), 0) / 40, 6)
  expect(Math.abs(error)).toBeLessThan(0.2)
  expect(inside).toBe(true)
  expect(predicted.costPerCall.value).toBeGreaterThan(2 * before.costPerCall)
}, 120_000)

it('follows a client that changed the profile it asks for', async () => {
  const db = join(folder, 'renamed.db')
  await serve(db, BEST, ['auto'], 40)
  await serve(db, BEST, ['auto:always'], 40)

  const ledger = await openLedger(db, { readonly: true })
  const { predicted, happened, before, inside } = forecast(ledger)
  await ledger.close()
  expect(before.calls).toBe(40)
  expect(happened.calls).toBe(40)
  expect(inside).toBe(true)
  expect(predicted.costPerCall.value).toBeLessThan(before.costPerCall / 2)
}, 120_000)
