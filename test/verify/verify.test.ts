import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { VERIFICATION } from '../../src/ledger/index.js'
import { newPlace, type Place } from '../cli/run-cli.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { startTalkative, type Talkative, type TalkativeOptions } from './talkative-provider.js'

let provider: Talkative
let daemon: TestDaemon
let place: Place
let config: Readonly<Record<string, unknown>>

afterEach(async () => {
  await daemon.end()
  await provider.close()
  place.remove()
})

const PRICE = { small: { input: 1, output: 4 }, large: { input: 3, output: 15 } } as const
const QUESTIONS = Array.from({ length: 70 }, (_, i) => `What is the ${i + 1}th prime, and how do you know?`)

/** Traffic that the small model answered; the large one says more than twice as much, which nothing in the log shows. */
async function serveTraffic(
  options: Partial<TalkativeOptions> = {},
  extra: Readonly<Record<string, unknown>> = {},
  questions = QUESTIONS,
): Promise<void> {
  provider = await startTalkative({ verbosity: { small: 1, large: 2.4 }, ...options })
  place = newPlace()
  config = {
    providers: { one: { baseURL: `${provider.origin}/v1`, apiKey: 'sk-one' } },
    models: [
      { id: 'one/small', name: 'small', price: PRICE.small, quality: 0.7 },
      { id: 'one/large', name: 'large', price: PRICE.large, quality: 0.95 },
    ],
    default: 'cheap',
    profiles: { cheap: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0 } },
    ...extra,
  }
  daemon = await runDaemon(config)
  for (const [i, content] of questions.entries()) {
    const response = await daemon.post(
      { model: 'auto', messages: [{ role: 'user', content }] },
      { headers: { 'x-llmroute-session': `s${i}` } },
    )
    await response.text()
    expect(response.status).toBe(200)
  }
  // Bodies follow a turn after the answer.
  await new Promise((resolve) => setTimeout(resolve, 50))
  await daemon.ledger.flush()
}

interface Figures {
  readonly costUsd: number
  readonly costUsdLow: number
  readonly costUsdHigh: number
  readonly qualityChange: number
}

interface Verified {
  readonly calls: number
  readonly simulated: { readonly costUsd: number }
  readonly verification: {
    readonly planned: number
    readonly judge: string
    readonly expectedUsd: number
    readonly result: {
      readonly answered: number
      readonly failed: number
      readonly covered: number
      readonly spentUsd: number
      readonly stopped: string | null
      readonly preferred: { readonly better: number; readonly worse: number; readonly same: number }
      readonly before: Figures
      readonly after: Figures
    } | null
  }
}

const QUALITY = ['--weights', 'cost=0,quality=1,latency=0']

async function simulate(...args: string[]): Promise<Verified> {
  const { code, out, err } = await place.cli(['simulate', ...QUALITY, ...args, '--json', '--db', `${daemon.folder}/ledger.db`])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out) as Verified
}

const verifications = () => daemon.ledger.listCalls({ source: VERIFICATION })

it('moves the estimate to what the other model really costs, and narrows its interval', async () => {
  await serveTraffic()
  const { verification } = await simulate('--verify', '40', '--max-usd', '5')
  const { before, after, ...result } = verification.result ?? expect.fail('nothing was asked')
  const truth = QUESTIONS.reduce(
    (sum, q) => sum + (Math.ceil(q.length / 4) * PRICE.large.input + provider.answerTokens('large', q) * PRICE.large.output) / 1e6,
    0,
  )
  expect(result).toMatchObject({ answered: 40, failed: 0, covered: 70, stopped: null })
  expect(Math.abs(before.costUsd / truth - 1)).toBeGreaterThan(0.3)
  expect(Math.abs(after.costUsd / truth - 1)).toBeLessThan(0.05)
  expect(after.costUsdLow).toBeLessThanOrEqual(truth)
  expect(after.costUsdHigh).toBeGreaterThanOrEqual(truth)
  expect(after.costUsdHigh - after.costUsdLow).toBeLessThan(before.costUsdHigh - before.costUsdLow)

  // A judge who likes whatever stands first likes nothing.
  expect(result.preferred).toEqual({ better: 0, worse: 0, same: 40 })
  expect(after.qualityChange).toBe(0)

  // Calls of their own kind, with their cost, that a later simulation does not take for traffic.
  const calls = verifications()
  expect(calls).toHaveLength(40)
  expect(calls.reduce((sum, c) => sum + (c.costNano ?? 0), 0) / 1e9).toBeCloseTo(result.spentUsd, 9)
  const [detail] = calls.map((c) => daemon.call(c.id))
  expect(detail?.attempts.map((a) => a.purpose)).toEqual(['verify', 'judge', 'judge'])
  expect(detail?.outcomes).toMatchObject([{ kind: 'verify', value: 0.5 }])
  expect(daemon.call(detail?.call.parentCall ?? null).call.model).toBe('one/small')
  const report = JSON.parse((await place.cli(['report', '--json', '--db', `${daemon.folder}/ledger.db`])).out) as Record<string, unknown>
  expect(report).toMatchObject({ calls: 70, verification: { calls: 40, costUsd: expect.closeTo(result.spentUsd, 9) } })
  const later = await simulate()
  expect(later).toMatchObject({ calls: 70, reproduced: 70, rechained: 70, repriced: 70 })
  expect(later.simulated.costUsd).toBe(before.costUsd)
}, 120_000)

it('hears a judge who says the same both ways', async () => {
  const judge = (prompt: string): string => `{"better": "${prompt.indexOf('large says') < prompt.indexOf('small says') ? 'A' : 'B'}"}`
  await serveTraffic({ judge })
  const { verification } = await simulate('--verify', '12', '--max-usd', '5', '--judge', 'one/small')
  expect(verification.judge).toBe('one/small')
  expect(verification.result?.preferred).toEqual({ better: 12, worse: 0, same: 0 })
  expect(verification.result?.after.qualityChange).toBe(1)
}, 120_000)

it('stops cleanly at the cap and at a budget, spending no more', async () => {
  await serveTraffic({}, { budgets: [{ scope: 'total', limit: '0.3/day' }] })
  const spent = (): number => verifications().reduce((sum, c) => sum + (c.costNano ?? 0), 0) / 1e9
  const low = await simulate('--verify', '60', '--max-usd', '0.11')
  expect(low.verification.result?.spentUsd).toBeLessThanOrEqual(0.11)
  expect(low.verification.result?.answered).toBeGreaterThan(0)
  expect(spent()).toBeCloseTo(low.verification.result?.spentUsd ?? 0, 9)
  // The next call of a client knows what checking has spent, and a replay knows that it knew.
  await (await daemon.post({ model: 'auto', messages: [{ role: 'user', content: 'Is 91 prime?' }], max_tokens: 64 })).text()
  const high = await simulate('--verify', '60', '--max-usd', '9')
  expect(high.verification.result?.stopped).toMatch(/budget/)
  const total = daemon.ledger.spend({}).costNano / 1e9
  expect(total).toBeLessThanOrEqual(0.3)
  expect(await simulate()).toMatchObject({ calls: 71, reproduced: 71, rechained: 71 })
}, 120_000)

it('asks nothing in a dry run', async () => {
  await serveTraffic()
  const before = provider.asked.get('large') ?? 0
  const { verification } = await simulate('--verify', '20', '--max-usd', '5', '--dry-run')
  expect(verification).toMatchObject({ planned: 20, result: null, judge: 'one/large' })
  expect(verification.expectedUsd).toBeGreaterThan(0)
  expect(provider.asked.get('large') ?? 0).toBe(before)
}, 120_000)

it('says of how many calls the settings were not stored, since they are asked again without them', async () => {
  await serveTraffic({}, {}, QUESTIONS.slice(0, 12))
  const plan = ['simulate', ...QUALITY, '--verify', '12', '--max-usd', '5', '--dry-run', '--db', `${daemon.folder}/ledger.db`]
  expect((await place.cli(plan)).err).not.toContain('settings')
  // As they were written before what a request asks for beside its messages was kept, in the last entry.
  for (const { id } of daemon.ledger.listCalls({}).slice(0, 3)) {
    const { request, reply } = daemon.ledger.bodiesOf(id) ?? expect.fail('no messages')
    daemon.ledger.bodies(id, request.slice(0, -1), reply)
  }
  await daemon.ledger.flush()
  const { out, err } = await place.cli(plan)
  expect(`${out}${err}`).toContain('3 of them were recorded before temperature and other settings were stored')
  expect(await simulate('--verify', '12', '--max-usd', '5', '--dry-run')).toMatchObject({ verification: { withoutSettings: 3 } })
}, 120_000)

it('works without a daemon, from a configuration named on the command line', async () => {
  await serveTraffic()
  await daemon.stop()
  const file = join(place.folder, 'here.config.json')
  writeFileSync(file, JSON.stringify(config))
  const { verification } = await simulate('--verify', '10', '--max-usd', '5', '--config', file)
  expect(verification.result).toMatchObject({ answered: 10, failed: 0, preferred: { same: 10 } })
}, 120_000)

it('never passes the cap, whatever it is and however many ask at once', async () => {
  await serveTraffic()
  const { verifier } = daemon.runtime
  const calls = daemon.ledger.listCalls({ source: null })
  let run = 0
  const caps = fc.tuple(fc.integer({ min: 1, max: 400_000_000 }), fc.integer({ min: 64, max: 8192 }), fc.integer({ min: 1, max: 12 }))
  await fc.assert(
    fc.asyncProperty(caps, async ([cap, maxOutput, several]) => {
      const scope = `verify:${run++}@2026-11-21`
      const task = { entries: 0, model: 'one/large', judge: 'one/small', inputTokens: 20, maxOutput, scope, cap }
      const found = await Promise.all(calls.slice(0, several).map(({ id }) => verifier.run({ ...task, call: id })))
      const [budget] = daemon.ledger.budgets([scope])
      const spent = found.reduce((sum, f) => sum + ('costNano' in f ? (f.costNano ?? 0) : 0), 0)
      expect(budget).toEqual({ scope, spent, reserved: 0 })
      expect(spent).toBeLessThanOrEqual(cap)
      for (const { kind } of found) expect(['answered', 'capped']).toContain(kind)
    }),
    { numRuns: 25 },
  )
}, 120_000)

it('knows that a longer answer makes every later turn of its conversation dearer', async () => {
  await serveTraffic({ wordy: true }, {}, [])
  const sessions = Array.from({ length: 20 }, (_, s) => Array.from({ length: 5 }, (_, t) => `Tell me of prime ${s}-${t}.`))
  for (const [s, turns] of sessions.entries()) {
    const messages: { role: string; content: string }[] = []
    for (const content of turns) {
      messages.push({ role: 'user', content })
      const response = await daemon.post({ model: 'auto', messages }, { headers: { 'x-llmroute-session': `talk${s}` } })
      expect(response.status).toBe(200)
      messages.push({ role: 'assistant', content: provider.answerOf('small', content) })
      await response.text()
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  await daemon.ledger.flush()
  let truth = 0
  for (const turns of sessions) {
    let chars = 0
    for (const content of turns) {
      chars += content.length
      truth += (Math.ceil(chars / 4) * PRICE.large.input + provider.answerTokens('large', content) * PRICE.large.output) / 1e6
      chars += provider.answerOf('large', content).length
    }
  }
  const { verification } = await simulate('--verify', '60', '--max-usd', '20')
  const { before, after } = verification.result ?? expect.fail('nothing was asked')
  expect(Math.abs(after.costUsd / truth - 1)).toBeLessThan(0.05)
  expect(Math.abs(after.costUsd - truth)).toBeLessThan(Math.abs(before.costUsd - truth))
  expect(after.costUsdLow).toBeLessThanOrEqual(truth)
  expect(after.costUsdHigh).toBeGreaterThanOrEqual(truth)
}, 120_000)
