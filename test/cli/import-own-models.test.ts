import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

it('a logged model of a provider that only the configuration has is the one of the pool, at its price, also where it is sent by another name', async () => {
  const place = newPlace()
  const at = (name: string): string => join(place.folder, name)
  const price = { input: 3, output: 15 }
  const models = [
    { id: 'lab/m1', price },
    { id: 'lab/m2', name: 'sent-as', price },
  ]
  const providers = { lab: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9', apiKey: 'k' } }
  writeFileSync(at('router.config.json'), JSON.stringify({ providers, models }))
  const usage = { input: 1000, output: 500 }
  const lines = ['lab/m1', 'lab/m2', 'lab/sent-as'].map((model, n) => ({ time: 1793620800 + n, model, prompt: `Question ${n}?`, usage }))
  writeFileSync(at('log.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  await place.cli(['import', 'jsonl', at('log.jsonl')])
  const calls = JSON.parse((await place.cli(['log', '--json'])).out) as readonly { model: string; costUsd: number | null }[]
  expect(calls.map(({ model, costUsd }) => [model, costUsd])).toEqual([
    ['lab/m2', 0.0105],
    ['lab/m2', 0.0105],
    ['lab/m1', 0.0105],
  ])
  place.remove()
})
