import { afterEach, beforeEach, expect, it } from 'vitest'
import { callJson } from '../../src/ledger/index.js'
import { buildReport, decisionReader, explain, explanationText } from '../../src/report/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [
      { id: 'lab/small', price: { input: 0.1, output: 0.4 }, quality: 0.9 },
      { id: 'lab/large', price: { input: 5, output: 25 }, quality: 0.91 },
    ],
    baseline: 'lab/large',
    default: 'thrifty',
    profiles: {
      thrifty: {
        weights: { cost: 1, quality: 0, latency: 0, carbon: 0.1 },
        floor: 0,
        rules: [{ name: 'vip', when: { tier: 'vip' }, use: 'lab/large' }],
      },
    },
  })
})

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

async function ask(headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await daemon.post(HELLO, { headers })
  await response.text()
  return response.headers.get('x-llmroute-call') ?? ''
}

const feedback = (call: string, value: 0 | 1) => daemon.ledger.outcome({ call, kind: 'feedback', value, atMs: Date.now() })

it('says by route what was spent, how good it was, what people thought, and what a cheaper model could have done', async () => {
  const cheap: string[] = []
  const dear: string[] = []
  for (let i = 0; i < 8; i++) cheap.push(await ask({ 'x-llmroute-session': `c${i}` }))
  for (let i = 0; i < 4; i++) dear.push(await ask({ 'x-llmroute-session': `d${i}`, 'x-llmroute-tier': 'vip' }))
  for (const [i, id] of cheap.entries()) await feedback(id, i < 6 ? 1 : 0)
  // A person may think again: the last word counts.
  await feedback(cheap[0] ?? '', 0)
  await daemon.ledger.flush()
  const report = buildReport(daemon.ledger, { by: 'route', nowMs: Date.now() })
  const [vip, plain] = report.groups
  expect(vip?.name).toContain('thrifty (vip)')
  expect(vip).toMatchObject({ calls: 4, feedback: 0, satisfaction: null, escalationRate: 0 })
  expect(vip?.quality).toBeGreaterThan(0.5)
  expect(plain).toMatchObject({ calls: 8, feedback: 8, satisfaction: 5 / 8 })
  expect(plain?.satisfactionLow).toBeCloseTo(0.306, 2)
  expect(plain?.satisfactionHigh).toBeCloseTo(0.863, 2)
  expect(plain?.meanLatencyMs).toBeGreaterThan(0)

  const [over] = report.overProvisioned
  expect(over).toMatchObject({ route: vip?.name, calls: 4, cheaperModel: 'lab/small' })
  expect(over?.sure).toBeGreaterThan(0.3)
  expect(over?.sure).toBeLessThan(1)
  expect(over?.examples).toHaveLength(4)
  expect(dear).toEqual(expect.arrayContaining([...(over?.examples ?? [])]))

  const [profile] = report.profiles
  expect(profile).toMatchObject({ profile: 'thrifty', calls: 12, overheadUsd: 0 })
  // Twenty tokens in and ten out, at 0.1 and 0.4 instead of 5 and 25 dollars a million, eight times.
  expect(profile?.savingsUsd).toBeCloseTo((8 * (20 * 4.9 + 10 * 24.6)) / 1e6, 9)
  expect(profile?.returnPerUsd).toBeCloseTo((profile?.savingsUsd ?? 0) / (profile?.costUsd ?? 1), 9)
  expect(profile?.savingsUsdLow).toBeLessThan(profile?.savingsUsd ?? 0)
})

it('explains signals, candidates, rule, runner-up, ladder, caches and the flip of a call', async () => {
  await ask({ 'x-llmroute-session': 'one' })
  const talk = [...HELLO.messages, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'No, that is wrong. Try again.' }]
  await (await daemon.post({ ...HELLO, messages: talk }, { headers: { 'x-llmroute-session': 'one' } })).text()
  const { call, decision } = await daemon.lastCall()
  const explanation = explain(callJson(call), decisionReader(daemon.ledger)(decision))
  expect(explanation).toMatchObject({ chosen: 'lab/small', runnerUp: 'lab/large', turnsLeft: 4 })
  expect(explanation.cache.map((c) => c.role)).toContain('stay')
  expect(explanation.candidates.every((c) => c.priorShare === 1)).toBe(true)
  const plain = (text: string): string => text
  const text = explanationText(explanation, { paint: { dim: plain, green: plain } })
  for (const word of ['Seen', 'Policy', 'carbon 0.1', 'PRIOR', 'Reason', 'Ladder', 'stay with lab/small', 'Runner-up lab/large', 'Flip'])
    expect(text).toContain(word)
  expect(text).toMatch(/Ladder +on rung 0, \d/)
})
