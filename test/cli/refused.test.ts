import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { newPlace } from './run-cli.js'

it('what a provider refuses is told in its own words, with what to do next', async () => {
  const provider = await startFakeProvider()
  const place = newPlace()
  onTestFinished(async () => {
    place.remove()
    await provider.close()
  })
  provider.behave(() => ({
    status: 400,
    body: JSON.stringify({ error: { message: 'no such thing here', type: 'invalid_request_error' } }),
  }))
  const config = join(place.folder, 'one.json')
  const providers = { one: { wire: 'openai-chat', baseURL: `${provider.origin}/v1`, apiKey: 'k' } }
  writeFileSync(config, JSON.stringify({ providers, models: [{ id: 'one/a', price: { input: 1, output: 2 } }] }))
  const { code, out, err } = await place.cli(['ask', '--config', config, 'hi'])
  expect({ code, out, err }).toEqual({
    code: 1,
    out: '',
    err: 'llmroute: no such thing here. See what was tried: `llmroute log last`.\n',
  })
  const unknown = await place.cli(['ask', '--config', config, '--model', 'one/z', 'hi'])
  expect(unknown.err).not.toContain('log last')
})
