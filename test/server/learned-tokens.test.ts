import { expect, it } from 'vitest'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon } from './run-daemon.js'

const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

it('cheap images do not make a model seem to read text in fewer tokens, or prompts would overrun its window', async () => {
  // Counts 20 tokens, whatever it reads.
  const provider = await startFakeProvider()
  const model = (id: string, window: number, input: number) => ({
    id,
    price: { input, output: 4 * input },
    quality: 0.8,
    contextWindow: window,
    accepts: { needs: ['vision'] },
  })
  const daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [model('lab/narrow', 2000, 0.1), model('lab/wide', 100_000, 1)],
  })
  const ask = async (content: unknown) => {
    const response = await daemon.post({ model: 'auto', max_tokens: 50, messages: [{ role: 'user', content }] })
    expect(response.status, await response.text()).toBe(200)
    return response.headers.get('x-llmroute-model')
  }
  const picture = [
    { type: 'text', text: 'Hi, what is this?' },
    { type: 'image_url', image_url: { url: PIXEL } },
  ]
  for (let i = 0; i < 12; i++) expect(await ask(picture)).toBe('lab/narrow')
  expect(await ask('the quick brown fox jumps over the lazy dog and '.repeat(300))).toBe('lab/wide')
  await daemon.end()
  await provider.close()
})
