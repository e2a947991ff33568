import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openCallLog } from '../../src/cli/serve/call-log.js'
import type { SettledCall } from '../../src/route/index.js'
import { newPlace } from './run-cli.js'

type Written = Parameters<typeof openCallLog>[0]['stderr']

it('tells programs of a call in OpenTelemetry’s words: all prompt tokens, and those of them that came from a cache', () => {
  const stderr = new PassThrough()
  const log = openCallLog({ stderr: stderr as unknown as Written } as Parameters<typeof openCallLog>[0])
  const row = { settledAtMs: 0, status: 'ok', model: 'lab/m1', attempts: [{}], costNano: 1_500_000, latencyMs: 7, error: null }
  const served = { inputTokens: 60, cacheReadTokens: 40, cacheWrite5mTokens: 10, cacheWrite1hTokens: null, outputTokens: 20 }
  const call = { id: '01CALL', session: 's', client: 'curl', request: { model: 'auto' }, signals: { task: 'chat' } }
  log.settled({ call, row, served } as unknown as SettledCall)
  log.settled({ call, row: { ...row, model: null }, served: null } as unknown as SettledCall)
  log.close()
  const lines = String(stderr.read())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines[0]).toMatchObject({
    'gen_ai.request.model': 'auto',
    'gen_ai.response.model': 'lab/m1',
    'gen_ai.usage.input_tokens': 110,
    'gen_ai.usage.cache_read.input_tokens': 40,
    'gen_ai.usage.output_tokens': 20,
    costUsd: 0.0015,
  })
  expect(lines[1]).toMatchObject({ 'gen_ai.usage.input_tokens': null, 'gen_ai.usage.output_tokens': null })
})

it('tells programs of a rejected configuration as an error', async () => {
  const place = newPlace()
  onTestFinished(() => place.remove())
  const config = join(place.folder, 'router.config.json')
  writeFileSync(config, '{ "sandbox": true, "server": { "port": 0 } }')
  const interrupt = new AbortController()
  const served = place.cli(['serve'], { interrupted: interrupt.signal })
  const status = async () => (await place.cli(['status'])).out
  await vi.waitFor(async () => expect(await status()).toMatch(/^Listening/), { timeout: 20_000 })
  writeFileSync(config, '{ "sandbox": true, "default": "none-such" }')
  await vi.waitFor(async () => expect(await status()).toMatch(/^Refused .*none-such/m), { timeout: 20_000 })
  interrupt.abort()
  const lines = (await served).err.split('\n').filter((line) => line.includes('rejected'))
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({ level: 'error', code: 'E_CONFIG' })])
})
