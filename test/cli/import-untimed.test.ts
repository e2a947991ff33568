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
