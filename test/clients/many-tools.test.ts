import { expect, it, onTestFinished } from 'vitest'
import { modelOf, openWorld } from './open-world.js'

const model = (vendor: 'chat' | 'messages', output: number, needs: readonly string[]) => ({
  ...{ id: modelOf(vendor), price: { input: output / 4, output }, quality: 0.8, accepts: { needs: ['tools', ...needs] } },
})

it.each([
  ['go to one that takes them', 'messages', [model('chat', 1, []), model('messages', 100, ['many-tools'])]],
  ['are sent nevertheless where none is known to take them', 'chat', [model('chat', 1, [])]],
] as const)('more tools than a model takes %s', async (_, taker, models) => {
  const world = await openWorld({ models })
  onTestFinished(() => world.close())
  const ask = async (count: number): Promise<unknown> => {
    const tools = Array.from({ length: count }, (_, i) => ({ name: `tool_${i}`, input_schema: { type: 'object', properties: {} } }))
    const body = { model: 'auto', max_tokens: 100, tools, messages: [{ role: 'user', content: 'Hello.' }] }
    const response = await world.daemon.post(body, { path: '/v1/messages' })
    expect(response.status).toBe(200)
    return world.last().vendor
  }
  expect(await ask(128)).toBe('chat')
  expect(await ask(129)).toBe(taker)
})
