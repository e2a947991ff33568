import { afterEach, expect, it } from 'vitest'
import { HELLO, runDaemon, type TestDaemon } from './run-daemon.js'

let daemon: TestDaemon | null = null

afterEach(async () => {
  await daemon?.end()
  daemon = null
})

const ASK = { ...HELLO, model: 'sandbox/large', max_tokens: 200 }

it('stops calls when a budget is used up, with 402 and no invitation to repeat', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'total', limit: '0.008/day' }] })
  const statuses: number[] = []
  for (let i = 0; i < 8; i++)
    statuses.push((await daemon.post({ ...ASK, messages: [{ role: 'user', content: `Tell me about river ${i}.` }] })).status)
  expect(statuses[0]).toBe(200)
  expect(statuses.at(-1)).toBe(402)
  const refused = await daemon.post(ASK)
  expect(refused.headers.get('x-should-retry')).toBe('false')
  const spent = daemon.ledger.listCalls({}).reduce((sum, c) => sum + (c.costNano ?? 0), 0)
  expect(spent).toBeLessThanOrEqual(8_000_000)
})

it('does not let parallel calls overspend together', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'total', limit: '0.008/day' }] })
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => daemon?.post({ ...ASK, messages: [{ role: 'user', content: `${i}?` }] })),
  )
  expect(all.filter((r) => r?.status === 200).length).toBeGreaterThan(0)
  expect(all.filter((r) => r?.status === 402).length).toBeGreaterThan(10)
  const spent = daemon.ledger.listCalls({}).reduce((sum, c) => sum + (c.costNano ?? 0), 0)
  expect(spent).toBeLessThanOrEqual(8_000_000)
})

it('counts each session and each profile by itself', async () => {
  daemon = await runDaemon({
    sandbox: true,
    budgets: [{ scope: 'session', limit: '0.004' }],
    profiles: { thrifty: { extends: 'economy', budget: '0.00001/hour' } },
  })
  const ask = async (session: string, profile = 'balanced') => {
    const headers = { 'x-llmroute-session': session, 'x-llmroute-profile': profile }
    return (await daemon?.post(ASK, { headers }))?.status
  }
  expect(await ask('a')).toBe(200)
  expect(await ask('a')).toBe(402)
  expect(await ask('b')).toBe(200)
  expect(await ask('c', 'thrifty')).toBe(402)
})

it('turns to a cheaper model while one fits', async () => {
  daemon = await runDaemon({
    sandbox: true,
    budgets: [{ scope: 'total', limit: '0.003/day' }],
    default: 'quality',
    profiles: { quality: { budgetAction: 'downgrade' } },
  })
  const response = await daemon.post({ ...HELLO, max_tokens: 400 })
  expect(response.status).toBe(200)
  expect(['sandbox/tiny', 'sandbox/small', 'sandbox/writer']).toContain(response.headers.get('x-llmroute-model'))
})
