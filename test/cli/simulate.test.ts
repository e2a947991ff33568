import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

let place: Place
let config: string
beforeAll(async () => {
  place = newPlace()
  config = join(place.folder, 'other.config.json')
  writeFileSync(config, JSON.stringify({ sandbox: true, default: 'economy' }))
  for (const prompt of ['Name three primes.', 'Prove that there are infinitely many primes.', 'Translate to French: good morning'])
    expect(await place.cli(['ask', '--sandbox', prompt])).toMatchObject({ code: 0, err: '' })
})
afterAll(() => place.remove())

async function simulate(...args: string[]): Promise<unknown> {
  const { code, out, err } = await place.cli(['simulate', ...args, '--json'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out)
}

it('gives one policy as one object with every field of the contract', async () => {
  expect(await simulate('--preset', 'economy')).toMatchObject({
    calls: 3,
    sessions: 3,
    since: expect.stringMatching(/^20/),
    until: expect.stringMatching(/^20/),
    policy: 'economy',
    reproduced: 3,
    rechained: 3,
    excluded: [],
    actual: {
      costUsd: expect.any(Number),
      quality: expect.any(Number),
      p50LatencyMs: expect.any(Number),
      p95LatencyMs: expect.any(Number),
    },
    simulated: {
      costUsd: expect.any(Number),
      costUsdLow: expect.any(Number),
      costUsdHigh: expect.any(Number),
      quality: expect.any(Number),
      qualityLow: expect.any(Number),
      qualityHigh: expect.any(Number),
      p50LatencyMs: expect.any(Number),
      p95LatencyMs: expect.any(Number),
    },
    savings: { usd: expect.any(Number), usdLow: expect.any(Number), usdHigh: expect.any(Number), fraction: expect.any(Number) },
    changed: expect.any(Number),
    byModel: expect.arrayContaining([
      {
        model: expect.any(String),
        actualCalls: expect.any(Number),
        simulatedCalls: expect.any(Number),
        actualCostUsd: expect.any(Number),
        simulatedCostUsd: expect.any(Number),
      },
    ]),
    evidence: 'insufficient',
  })
})

it('reproduces the policy that was live to the last call and the last nano-USD', async () => {
  const { reproduced, rechained, changed, actual, simulated } = (await simulate('--preset', 'balanced')) as {
    reproduced: number
    rechained: number
    changed: number
    actual: { costUsd: number }
    simulated: { costUsd: number; costUsdLow: number; costUsdHigh: number }
  }
  expect({ reproduced, rechained, changed }).toEqual({ reproduced: 3, rechained: 3, changed: 0 })
  expect(simulated).toMatchObject({ costUsd: actual.costUsd, costUsdLow: actual.costUsd, costUsdHigh: actual.costUsd })
})

it('compares several policies, every preset when none is named: the first in the usual fields, the others beside it', async () => {
  const policies = async (...args: string[]): Promise<readonly string[]> => {
    const { policy, others } = (await simulate(...args)) as { policy: string; others: { policy: string }[] }
    return [policy, ...others.map((other) => other.policy)]
  }
  expect(await policies('--preset', 'economy')).toEqual(['economy'])
  expect(await policies('--preset', 'economy', '--weights', 'cost=1,quality=0,latency=0')).toEqual([
    'economy',
    'cost=1,quality=0,latency=0',
  ])
  expect(await policies()).toEqual(['economy', 'balanced', 'quality', 'fast'])
})

it('takes --config for the policy when no other is named, and for the configuration alone otherwise', async () => {
  expect(await simulate('--config', config)).toMatchObject({ policy: config })
  expect(await simulate('--config', config, '--preset', 'quality')).toMatchObject({ policy: 'quality' })
})

it('changes models and prices under what was live when no policy is named', async () => {
  const calls = JSON.parse((await place.cli(['log', '--json'])).out) as { model: string }[]
  const used = calls[0]?.model ?? ''
  const without = (await simulate('--without', used)) as { byModel: { model: string; simulatedCalls: number }[]; changed: number }
  expect(without.changed).toBeGreaterThan(0)
  expect(without.byModel.find(({ model }) => model === used)?.simulatedCalls ?? 0).toBe(0)
  expect(await simulate('--price', `${used}=0/0`)).toMatchObject({ reproduced: 3 })
})

it('decides calls that named no profile under the default of another configuration', async () => {
  const cheapest = join(place.folder, 'cheapest.config.json')
  const profile = { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0 }
  writeFileSync(cheapest, JSON.stringify({ sandbox: true, default: 'mine', profiles: { mine: profile } }))
  const mine = (await simulate('--config', cheapest)) as { changed: number; simulated: { costUsd: number } }
  const weights = (await simulate('--weights', 'cost=1')) as { changed: number; simulated: { costUsd: number } }
  expect(mine.changed).toBeGreaterThan(0)
  expect(mine).toMatchObject({ changed: weights.changed, simulated: { costUsd: weights.simulated.costUsd } })
})

it.each([
  [['--models', 'sandbox/tini'], /'sandbox\/tini' is in neither the pool nor the log\. Did you mean 'sandbox\/tiny'\?/],
  [['--without', 'nobody'], /'nobody' is in neither the pool nor the log\. (?:Did you mean '|There are )sandbox/],
  [['--without', 'sandbox'], /No model would be left to choose from\./],
  [['--price', 'openai/gpt-5=1.25/10'], /'openai\/gpt-5' is in neither the pool nor the log/],
  [['--preset', 'economy', '--html', '/nowhere/at/all.html'], /cannot be written to .*all\.html \(ENOENT\)\. Give a file/],
  [['--verify', '10'], /--verify spends money\. Say how much/],
  [['--verify', '10', '--max-usd', '1'], /One policy at a time can be verified/],
  [['--preset', 'economy', '--verify', '10', '--max-usd', '1', '--judge', 'me'], /'me' cannot judge/],
  [['--preset', 'economy', '--yes'], /--yes goes with --verify/],
  [['--sweep', '--preset', 'economy'], /--sweep does not go with --preset\./],
  [['--suggest', '--models', 'sandbox/tiny'], /--suggest does not go with --models\./],
  [['--min-quality', '0.8'], /--min-quality goes with --sweep or --html\./],
])('refuses %j in a sentence that says what to do', async (args, sentence) => {
  const { code, out, err } = await place.cli(['simulate', ...args])
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toMatch(sentence)
  expect(err.trim().split('\n')).toHaveLength(1)
})

it('sweeps under the models and prices that are named', async () => {
  const whole = (await simulate('--sweep')) as { points: { costUsd: number }[] }
  const tiny = (await simulate('--sweep', '--models', 'sandbox/tiny')) as { points: { costUsd: number }[] }
  expect(new Set(whole.points.map((p) => p.costUsd)).size).toBeGreaterThan(1)
  expect(new Set(tiny.points.map((p) => p.costUsd)).size).toBe(1)
})

it.each([
  ['one policy', ['--preset', 'economy', '--diff']],
  ['several', ['--preset', 'economy', '--preset', 'fast', '--weights', 'cost=0.123,quality=0.456,latency=0.789']],
  ['a sweep', ['--sweep']],
])('keeps the tables of %s within 80 columns and, with fewer figures, within 56', async (_what, args) => {
  const shown = async (columns: string) => (await place.cli(['simulate', ...args], { env: { COLUMNS: columns } })).out.split('\n')
  // Sentences are left to the terminal: a row has cells, an axis has its line.
  const rows = (lines: readonly string[]) => lines.filter((line) => /\S {2,}\S|[│└]/.test(line))
  for (const columns of ['80', '56']) {
    const lines = rows(await shown(columns))
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(Number(columns))
  }
  expect(rows(await shown('200')).join('').length).toBeGreaterThanOrEqual(rows(await shown('56')).join('').length)
})
