import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

it('a logged call whose log has no duration is in no percentile, instead of having taken no time', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const call = { model: 'openai/gpt-5', prompt: 'What is a monad?', usage: { input: 1000, output: 500 } }
  const durations = [undefined, undefined, -5, 2100, 2100]
  writeFileSync(log, durations.map((latencyMs, n) => `${JSON.stringify({ ...call, time: 1793620800 + n, latencyMs })}\n`).join(''))
  await place.cli(['import', 'jsonl', log])
  const of = async (args: readonly string[]) => JSON.parse((await place.cli([...args, '--json'])).out)
  expect(await of(['simulate', '--preset', 'economy'])).toMatchObject({ calls: 5, rechained: 5, actual: { p50LatencyMs: 2100 } })
  const calls = (await of(['log'])) as readonly { latencyMs: number | null }[]
  expect(calls.map((c) => c.latencyMs)).toEqual([2100, 2100, null, null, null])
  place.remove()
})

it('what a log is silent on is unknown in a simulation of it, not nothing', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const call = { prompt: 'What is a monad?', usage: { input: 1000, output: 500 }, time: 1793620800 }
  const imported = async (model: string, ledger: string) => {
    writeFileSync(log, JSON.stringify({ ...call, model }))
    const db = ['--db', join(place.folder, ledger)]
    await place.cli(['import', 'jsonl', log, ...db])
    return (await place.cli(['simulate', '--preset', 'economy', '--json', ...db])).out
  }
  expect(JSON.parse(await imported('openai/gpt-5', 'untimed.db'))).toMatchObject({
    calls: 1,
    actual: { p50LatencyMs: null, p95LatencyMs: null },
  })
  expect(JSON.parse(await imported('openai/never-priced', 'unpriced.db'))).toMatchObject({
    calls: 0,
    excluded: [{ reason: 'unpriced', calls: 1 }],
    evidence: 'insufficient',
  })
  const { out } = await place.cli(['simulate', '--preset', 'economy', '--db', join(place.folder, 'unpriced.db')])
  expect(out).toContain('Evidence is insufficient: no call is left to make a figure of.')
  expect(out).not.toMatch(/cost the same|0\.000|0 ms/)
  place.remove()
})

it('savings by simulated models on real calls are called what they are', async () => {
  const place = newPlace()
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true }))
  const log = join(place.folder, 'log.jsonl')
  writeFileSync(
    log,
    JSON.stringify({ model: 'openai/gpt-5', prompt: 'What is a monad?', usage: { input: 9, output: 5 }, time: 1793620800 }),
  )
  const { out } = await place.cli(['simulate', '--from', `jsonl:${log}`, '--preset', 'economy', '--json'])
  const { evidence, doubts } = JSON.parse(out) as { evidence: string; doubts: readonly string[] }
  expect(evidence).toBe('insufficient')
  expect(doubts).toContainEqual(expect.stringMatching(/^sandbox\/\w+ is a simulated model/))
  place.remove()
})

it('calls that share an opening of which their log shows only a part rebuild their state, also from a later import', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const call = (n: number) => ({
    model: n % 3 === 0 ? 'anthropic/claude-sonnet-4-5' : 'openai/gpt-5',
    prompt: `What is ${n}?`,
    usage: { input: 900 + 37 * n, output: 300 },
    time: 1793620800 + n,
    latencyMs: 900,
    session: `s${n >> 3}`,
  })
  for (const [from, to] of [
    [0, 20],
    [20, 40],
  ] as const) {
    writeFileSync(log, Array.from({ length: to - from }, (_, i) => `${JSON.stringify(call(from + i))}\n`).join(''))
    await place.cli(['import', 'jsonl', log])
  }
  const { out } = await place.cli(['simulate', '--preset', 'economy', '--json'])
  expect(JSON.parse(out)).toMatchObject({ checked: 40, reproduced: 40, rechained: 40, repriced: 40 })
  place.remove()
})

it('a log with times to the microsecond is reproduced and rechained, too', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const call = { model: 'openai/gpt-5', session: 'a', usage: { input: 100, output: 10 }, latencyMs: 1200.4567 }
  writeFileSync(log, [0, 20].map((s) => JSON.stringify({ ...call, time: 1793620800.666667 + s, prompt: `Add ${s} and 2.` })).join('\n'))
  const { out } = await place.cli(['simulate', '--from', `jsonl:${log}`, '--preset', 'economy', '--json'])
  expect(JSON.parse(out)).toMatchObject({ checked: 2, reproduced: 2, rechained: 2 })
  place.remove()
})
