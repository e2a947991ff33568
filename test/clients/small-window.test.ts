import { expect, it, onTestFinished } from 'vitest'
import { openWorld } from './open-world.js'

it('a limit on the answer, as agents set it for large models, is clamped to what a small window leaves', async () => {
  const small = { id: 'chatup/small', price: { input: 0, output: 0 }, contextWindow: 32_768 }
  const world = await openWorld({ models: [small] })
  onTestFinished(() => world.close())
  const ask = async (max_tokens: number, words = 5000): Promise<unknown> => {
    const response = await world.daemon.post(
      { model: 'auto', max_tokens, messages: [{ role: 'user', content: 'Hello. '.repeat(words) }] },
      { path: '/v1/messages' },
    )
    expect(response.status).toBe(200)
    return world.last().body.max_tokens
  }
  expect(await ask(32_000)).toBeLessThan(25_000)
  expect(await ask(32_000)).toBeGreaterThan(10_000)
  expect(await ask(1000)).toBe(1000)
  // Nearly full, by an estimate that is not exact.
  expect(await ask(32_000, 15_000)).toBeGreaterThan(1500)
  expect(await ask(32_000, 15_000)).toBeLessThan(5000)
})
