import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { newPlace } from './run-cli.js'

it('speaks of one call as of one, and of none at all where there is none', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const line = { time: '2026-11-02T12:00:00Z', model: 'nobody/knows', prompt: 'What is a monad?', usage: { input: 12, output: 310 } }
  writeFileSync(log, `${JSON.stringify(line)}\n`)
  expect((await place.cli(['import', 'jsonl', log])).out).toBe('Imported 1 of 1 call; 0 were there already.\n')
  expect((await place.cli(['report'])).out).toMatch(/for 1 call, .* \(1 unpriced\)/)
  expect((await place.cli(['ledger', 'verify'])).out).toBe('The ledger is sound: 1 attempt costs what usage and rates give.\n')
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  expect((await place.cli(['report'])).out).toMatch(/against sandbox\/thinker on 1 call, which would have cost/)
  const { out } = await place.cli(['simulate', '--preset', 'quality'])
  expect(out).not.toMatch(/\b1 (?:calls|states|costs|decisions)\b/)
  place.remove()
})

it.each([
  ['--since', '2999-01-01'],
  ['--until', '2000-01-01'],
])('has nothing to report of a range without calls: %s %s', async (...range) => {
  const place = newPlace()
  onTestFinished(place.remove)
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  const { code, out, err } = await place.cli(['report', ...range, '--json'])
  expect([code, err]).toEqual([
    3,
    'llmroute: No call of this range has ended. Widen --since and --until, or wait for the calls that run.\n',
  ])
  expect(JSON.parse(out)).toMatchObject({ calls: 0, costUsd: 0, groups: [] })
  expect(await place.cli(['report', ...range, '--html', 'page.html'])).toMatchObject({ code: 3, out: '' })
  expect(existsSync(join(place.folder, 'page.html'))).toBe(false)
})

it('says of a call without an answer what it cost, and nothing of what another model would have cost', async () => {
  const place = newPlace()
  onTestFinished(place.remove)
  const price = { input: 1, output: 2 }
  const providers = { dead: { baseURL: 'http://127.0.0.1:9/v1' } }
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ providers, models: [{ id: 'dead/m', price }] }))
  expect((await place.cli(['ask', 'hi'])).code).toBe(1)
  expect((await place.cli(['log', 'last'])).out).toMatch(/^Cost +\$0\.00$/m)
})

it('takes two test requests for two conversations, not for a repeated question', async () => {
  const place = newPlace()
  onTestFinished(place.remove)
  for (const dir of ['one', 'two']) await place.cli(['init', '--yes', '--dir', dir], { env: { PATH: '', HOME: place.folder } })
  const calls = JSON.parse((await place.cli(['log', '--json'])).out) as { readonly turn: number; readonly sessionId: string }[]
  expect([calls.length, new Set(calls.map(({ sessionId }) => sessionId)).size]).toEqual([2, 2])
})

it('says that a file holds no calls, and what one looks like', async () => {
  const place = newPlace()
  const file = join(place.folder, 'names.txt')
  writeFileSync(file, 'vm\n')
  expect(await place.cli(['import', 'jsonl', file])).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringMatching(
      /^llmroute: No jsonl call was found in .*names\.txt\. Each line is a JSON object with at least `time` and `model`/m,
    ),
  })
  expect(JSON.parse((await place.cli(['import', 'jsonl', file, '--json'])).out)).toMatchObject({ source: 'jsonl', read: 0, imported: 0 })
  place.remove()
})

it('takes no number that it cannot hold, and a terminal that does not know its width for one without limit', async () => {
  const place = newPlace()
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  const refused = await place.cli(['log', '--limit', '99999999999999999999'])
  expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Give a whole number.') })
  expect((await place.cli(['log'], { tty: true, columns: 0 })).out).toMatch(/REASON/)
  place.remove()
})
