import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

it('a model that would get no calls is not what saves, though the pool as it is would', async () => {
  const place = newPlace()
  const log = join(place.folder, 'log.jsonl')
  writeFileSync(
    log,
    JSON.stringify({ model: 'openai/gpt-5', prompt: 'What is a monad?', usage: { input: 900, output: 500 }, time: 1793620800 }),
  )
  const env = { OPENAI_API_KEY: 'k' }
  const { out } = await place.cli(['simulate', '--from', `jsonl:${log}`, '--suggest', '--json'], { env })
  const { suggestions } = JSON.parse(out) as {
    suggestions: readonly { change: string; byModel?: readonly { model: string; simulatedCalls: number }[] }[]
  }
  for (const { change, byModel } of suggestions)
    expect(byModel).toContainEqual(expect.objectContaining({ model: change.slice(4), simulatedCalls: 1 }))
  place.remove()
})

it('tries no model that answers in batches alone', async () => {
  const place = newPlace()
  await place.cli(['ask', '--sandbox', 'Name three primes.'])
  const { tried } = JSON.parse((await place.cli(['simulate', '--suggest', '--json'])).out) as { readonly tried: readonly string[] }
  expect(tried.length).toBeGreaterThan(0)
  expect(tried.filter((id) => id.endsWith(':batch'))).toEqual([])
  place.remove()
})
