import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

let place: ReturnType<typeof newPlace>
beforeEach(() => {
  place = newPlace()
})
afterEach(() => place.remove())

const env = { OPENAI_API_KEY: 'k' }
const SMALL = { input: 1000, output: 500 }
/** More than any model takes. */
const HUGE = { input: 900_000, cacheRead: 5_000_000, output: 500 }

async function imported(calls: readonly object[]): Promise<void> {
  const log = join(place.folder, 'log.jsonl')
  const call = { model: 'openai/gpt-5', prompt: 'What is a monad?', latencyMs: 900 }
  writeFileSync(log, calls.map((own, n) => `${JSON.stringify({ ...call, time: 1793620800 + n, ...own })}\n`).join(''))
  await place.cli(['import', 'jsonl', log], { env })
}

const simulated = async (...args: readonly string[]) => (await place.cli(['simulate', ...args], { env })).out

it('a call that no model could answer is left out and said to be, on both sides and of every baseline; it saves nothing', async () => {
  await imported([{ usage: SMALL }, { usage: HUGE, latencyMs: 60_000 }, { usage: SMALL, error: 'overloaded' }])
  const result = JSON.parse(await simulated('--preset', 'economy', '--json'))
  expect(result).toMatchObject({
    calls: 2,
    sessions: 2,
    checked: 3,
    excluded: [{ reason: 'no model could answer under the other policy', calls: 1 }],
    actual: { costUsd: 0.0125, p50LatencyMs: 900, p95LatencyMs: 900 },
  })
  expect(result.baselines.map(({ calls }: { calls: number }) => calls)).toEqual([2, 2, 1, 1])
  expect(result.baselines).toContainEqual(expect.objectContaining({ name: 'asked for', costUsd: 0.0125 }))
  const { points, excluded } = JSON.parse(await simulated('--sweep', '--json'))
  expect(points).toHaveLength(21)
  expect(excluded).toEqual(result.excluded)
  expect(await simulated('--preset', 'economy', '--preset', 'quality')).toContain(
    '1 call is left out: no model could answer under the other policy.',
  )
})

it.each([
  ['no model could answer', [{ usage: HUGE }], 'no model could answer under the other policy'],
  ['nobody knows a price of', [{ usage: SMALL, model: 'openai/never-priced' }], 'unpriced'],
])('of calls that %s, no view shows a figure', async (_name, calls, reason) => {
  await imported(calls)
  const page = join(place.folder, 'page.html')
  for (const view of [['--preset', 'economy'], ['--preset', 'economy', '--preset', 'fast'], ['--sweep'], ['--suggest']]) {
    const shown = await simulated(...view)
    expect(shown).toContain('There is no figure to show.')
    expect(shown).toContain(`1 call is left out: ${reason}.`)
    expect(shown).not.toMatch(/\d%|0\.000|★|NaN/)
  }
  expect(JSON.parse(await simulated('--sweep', '--json'))).toMatchObject({ points: [], recommended: null, minQuality: null })
  expect(JSON.parse(await simulated('--preset', 'economy', '--json'))).toMatchObject({
    actual: { quality: null },
    baselines: [{ calls: 0 }],
  })
  await simulated('--preset', 'economy', '--html', page)
  expect(readFileSync(page, 'utf8')).toContain('There is no figure to show.')
})

it('an imported call that failed cost nothing where its log tells no tokens, and has no predicted quality', async () => {
  await imported([{ error: 'overloaded' }, { error: 'overloaded', usage: {} }])
  expect(JSON.parse(await simulated('--preset', 'economy', '--json'))).toMatchObject({
    calls: 2,
    repriced: 2,
    excluded: [],
    actual: { costUsd: 0, quality: null },
    simulated: { costUsd: 0, quality: null },
    savings: { usd: 0 },
  })
  expect((await place.cli(['report'], { env })).out).not.toContain('unpriced')
})

it('a baseline that has no cost of some calls is compared on the others alone', async () => {
  // Half of them failed after much was spent: no model's price tells what they would have come to.
  await imported([{ usage: SMALL }, { usage: { input: 90_000, output: 10 }, error: 'cut' }])
  const { baselines, simulated: other, byModel } = JSON.parse(await simulated('--preset', 'economy', '--json'))
  const own = byModel.find(({ simulatedCalls }: { simulatedCalls: number }) => simulatedCalls > 0)
  const always = baselines.filter(({ name }: { name: string }) => name.startsWith('always'))
  expect(other.costUsd).toBeGreaterThan(own.simulatedCostUsd)
  expect(always).toHaveLength(2)
  for (const { calls, costUsd, savingsUsd } of always) {
    expect(calls).toBe(1)
    expect(savingsUsd).toBeCloseTo(costUsd - own.simulatedCostUsd, 9)
  }
})

it('counts unpriced calls among all, not beside them', async () => {
  await imported([{ usage: SMALL }, { usage: SMALL, model: 'openai/never-priced' }])
  expect((await place.cli(['report'], { env })).out).toMatch(/for 2 calls, .* \(1 unpriced\)/)
})

it('calls of a tool that logs no durations are in no mean of them', async () => {
  await imported([1, 2, 3].map(() => ({ usage: SMALL, latencyMs: undefined })))
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  const [asked] = JSON.parse((await place.cli(['log', '--json', '--limit', '1'])).out)
  const { groups } = JSON.parse((await place.cli(['report', '--by', 'profile', '--json'])).out)
  expect(groups).toMatchObject([{ calls: 4, meanLatencyMs: expect.closeTo(asked.latencyMs, 2) }])
})

it('the setting that a sweep names keeps the floor that was asked for', async () => {
  await imported([{ usage: SMALL }])
  expect(await simulated('--sweep', '--floor', '.9')).toMatch(/--weights cost=[\d.]+,quality=[\d.]+,latency=[\d.]+,floor=0\.9/)
})
