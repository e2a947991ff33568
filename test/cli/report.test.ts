import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

it('speaks of one call as of one, and of none at all where there is none', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  const line = { time: '2026-11-02T12:00:00Z', model: 'nobody/knows', prompt: 'What is a monad?', usage: { input: 12, output: 310 } }
  writeFileSync(log, `${JSON.stringify(line)}\n`)
  expect((await place.cli(['import', 'jsonl', log])).out).toBe('Imported 1 of 1 call; 0 were there already.\n')
  expect((await place.cli(['report'])).out).toMatch(/\(1 more call is unpriced\)/)
  expect((await place.cli(['ledger', 'verify'])).out).toBe('The ledger is sound: 1 attempt costs what usage and rates give.\n')
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  const { out } = await place.cli(['simulate', '--preset', 'quality'])
  expect(out).not.toMatch(/\b1 (?:calls|states|costs|decisions)\b/)
  place.remove()
})
