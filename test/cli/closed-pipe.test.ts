import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtProgram } from './built-program.js'
import { newPlace } from './run-cli.js'

it('ends the call under way, recorded as cancelled, when nobody reads the answer any more', async () => {
  const place = newPlace()
  const config = join(place.folder, 'slow.config.json')
  writeFileSync(config, JSON.stringify({ sandbox: { speed: 0.5 } }))
  const env = { ...process.env, LLMROUTE_DB: place.db, LLMROUTE_CONFIG_DIR: place.folder }
  const prompt = 'Prove that there are infinitely many primes.'
  const child = spawn(process.execPath, [join(builtProgram(), 'bin/llmroute'), 'ask', '--sandbox', '--config', config, prompt], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = (await once(child, 'exit')) as [number]
  expect({ code, said }).toEqual({ code: 0, said: '' })
  const calls = JSON.parse((await place.cli(['log', '--json'])).out) as { status: string }[]
  expect(calls.map(({ status }) => status)).toEqual(['cancelled'])
  place.remove()
}, 300_000)
