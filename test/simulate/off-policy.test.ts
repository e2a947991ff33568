import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import { seededRandom } from '../../src/kit/index.js'
import { openLedger } from '../../src/ledger/index.js'
import type { Plan, Step } from '../../src/policy/index.js'
import { buildRuntime } from '../../src/server/index.js'
import { type OffPolicy, simulate, withModels, withStrategy } from '../../src/simulate/index.js'
import { addChoice, newOffPolicy, offPolicyOf } from '../../src/simulate/off-policy.js'
import { startTalkative, type Talkative } from '../verify/talkative-provider.js'
import { ask } from './served-ledger.js'

const inside = (truth: number, e: { readonly low: number; readonly high: number } | null): boolean =>
  e !== null && e.low <= truth && truth <= e.high

function planOf(steps: readonly (readonly [model: string, propensity: number, cost: number])[]): Plan {
  return { steps: steps.map(([model, propensity, cost]): Partial<Step> => ({ model, propensity, cost })) } as unknown as Plan
}

/** Calls whose true costs are known at both models, drawn anew with every seed; what is predicted of them is wrong by half. */
function drawLog(seed: number, share: number): { readonly found: OffPolicy; readonly truth: number } {
  const [draws, fixed] = [seededRandom(seed), seededRandom(5)]
  const sums = newOffPolicy()
  let truth = 0
  for (let i = 0; i < 240; i++) {
    const size = Math.exp(2 * fixed())
    const cost = { a: 1000 * size, b: 3000 * size * (0.7 + 0.6 * fixed()) }
    const drawn = draws() < share ? 'b' : 'a'
    const rest = drawn === 'a' ? 'b' : 'a'
    const propensity = { a: 1 - share, b: share }
    const predicted = { a: 1500 * size, b: 2000 * size }
    const logged = planOf([drawn, rest].map((m) => [m, propensity[m as 'a'], predicted[m as 'a']] as const))
    addChoice(sums, Math.floor(i / 3), logged, planOf([['b', 1, predicted.b]]), cost[drawn])
    truth += cost.b
  }
  const found = offPolicyOf(sums)
  if (found === null) throw new Error('nothing was explored')
  return { found, truth }
}

it('covers the true cost of a policy that mostly does what the log rarely did, in about 95 of 100 logs', () => {
  const logs = Array.from({ length: 200 }, (_, seed) => drawLog(seed, 0.3))
  for (const estimate of ['ips', 'snips', 'doublyRobust'] as const)
    expect(logs.filter(({ found, truth }) => inside(truth, found[estimate])).length, estimate).toBeGreaterThanOrEqual(186)
  // Predictions, wrong as they are, make the intervals of the doubly robust estimate narrower than those without.
  const width = (of: 'ips' | 'doublyRobust') => logs.reduce((sum, { found }) => sum + found[of].high - found[of].low, 0)
  expect(width('doublyRobust')).toBeLessThan(width('ips'))
})

it('counts calls as Kish does: equal weights count as they are, others as fewer', () => {
  const all = newOffPolicy()
  for (let i = 0; i < 40; i++)
    addChoice(
      all,
      i,
      planOf([
        ['a', 0.5, 1],
        ['b', 0.5, 1],
      ]),
      planOf([
        ['a', 0.5, 1],
        ['b', 0.5, 1],
      ]),
      1,
    )
  expect(offPolicyOf(all)).toMatchObject({ calls: 40, explored: 40, support: 1 })
  expect(offPolicyOf(all)?.effectiveCalls).toBeCloseTo(40, 9)
  const half = newOffPolicy()
  for (let i = 0; i < 40; i++)
    addChoice(
      half,
      i,
      planOf([
        [i % 2 ? 'a' : 'b', 0.5, 1],
        [i % 2 ? 'b' : 'a', 0.5, 1],
      ]),
      planOf([['a', 1, 1]]),
      1,
    )
  expect(offPolicyOf(half)?.effectiveCalls).toBeCloseTo(20, 9)
  const uneven = newOffPolicy()
  // Weights 4 and 1: (10 × 4 + 30)² / (10 × 16 + 30).
  for (let i = 0; i < 40; i++) {
    const p = i < 10 ? 0.25 : 1
    addChoice(
      uneven,
      i,
      planOf([
        ['a', p, 1],
        ['b', 1 - p, 1],
      ]),
      planOf([['a', 1, 1]]),
      1,
    )
  }
  expect(offPolicyOf(uneven)?.effectiveCalls).toBeCloseTo(70 ** 2 / 190, 9)
})

let provider: Talkative | null = null
let folder: string | null = null
afterEach(async () => {
  await provider?.close()
  if (folder !== null) rmSync(folder, { recursive: true, force: true })
})

const PRICE = { small: { input: 1, output: 4 }, large: { input: 2, output: 8 }, huge: { input: 20, output: 90 } } as const

it('tells from a router that explores what another policy costs, and says when it cannot', async () => {
  const talkative = await startTalkative({ verbosity: { small: 1, large: 1.7, huge: 1 } })
  provider = talkative
  folder = mkdtempSync(join(tmpdir(), 'llmroute-explore-'))
  const config = {
    providers: { one: { baseURL: `${talkative.origin}/v1`, apiKey: 'sk-one' } },
    models: (['small', 'large', 'huge'] as const).map((name) => ({ id: `one/${name}`, name, price: PRICE[name], quality: 0.9 })),
    default: 'curious',
    // Two models are near enough to each other to be drawn, the third never is.
    profiles: { curious: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0, exploration: { rate: 0.6, margin: 0.4 } } },
  }
  const path = join(folder, 'ledger.db')
  const loaded = await loadConfig({ cwd: folder, env: {}, overrides: config })
  const runtime = await buildRuntime(loaded, { db: path, env: {}, appVersion: 'test', random: seededRandom(20261121) })
  const questions = Array.from({ length: 360 }, (_, i) => `How many primes are there below ${i + 10}?`)
  for (const [i, content] of questions.entries())
    await ask(
      (inbound, outlet) => runtime.router.handle(inbound, outlet),
      JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] }),
      `s${i % 120}`,
    )
  await runtime.close()

  const ledger = await openLedger(path, { readonly: true })
  const cheapest = { kind: 'weights', weights: { cost: 1, quality: 0, latency: 0 } } as const
  const still = withStrategy('cheapest', cheapest, 0)
  // What the log's own exploration leaves of a policy is its own; the ones asked about draw nothing.
  const without = {
    ...still,
    policyFor: (...args: Parameters<typeof still.policyFor>) => ({ ...still.policyFor(...args), exploration: { rate: 0, margin: 0 } }),
  }
  const [small, large, huge] = simulate(ledger, [without, withModels(without, ['one/large']), withModels(without, ['one/huge'])])
  const costOf = (model: 'small' | 'large') =>
    questions.reduce(
      (sum, q) => sum + 1000 * (Math.ceil(q.length / 4) * PRICE[model].input + talkative.answerTokens(model, q) * PRICE[model].output),
      0,
    )
  const drawn = ledger.listCalls({}).filter((c) => c.model === 'one/large').length
  await ledger.close()
  for (const [result, truth] of [
    [small, costOf('small')],
    [large, costOf('large')],
  ] as const) {
    const found = result?.offPolicy
    expect(found).toMatchObject({ calls: 360, explored: 360, support: 1, evidence: expect.stringMatching(/sufficient|weak/) })
    expect(found?.evidence).not.toBe('insufficient')
    for (const estimate of [found?.ips, found?.snips, found?.doublyRobust]) expect(inside(truth, estimate ?? null)).toBe(true)
  }
  // All weights are alike, so the calls that were drawn to the model count, and no others.
  expect(large?.offPolicy?.effectiveCalls).toBeCloseTo(drawn, 6)
  expect(drawn / 360).toBeGreaterThan(0.2)
  expect(huge?.offPolicy).toMatchObject({ support: 0, evidence: 'insufficient', snips: null })
  expect(huge?.offPolicy?.doubts[0]).toMatch(/360 of 360 choices .* never drawn/)
}, 180_000)
