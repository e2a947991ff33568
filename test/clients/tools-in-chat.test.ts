import { expect, it, onTestFinished } from 'vitest'
import { runDaemon } from '../server/run-daemon.js'
import { startVendors } from '../upstreams/strict/start-vendors.js'

const FUNCTION = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }

it('a model that refuses tools in chat is asked in Responses where there are any, and otherwise as a client of chat asked', async () => {
  const vendors = await startVendors()
  onTestFinished(() => vendors.close())
  const provider = { baseURL: `${vendors.origin}/v1`, wires: ['openai-chat', 'openai-responses'] }
  const providers = { plain: { ...provider, apiKey: 'key-chat' }, other: { ...provider, apiKey: 'key-responses' } }
  const daemon = await runDaemon({ providers, models: ['plain/gpt-5.4-mini', 'other/gpt-5.4-mini'] })
  onTestFinished(() => daemon.end())
  const ask = async (id: string, fields: object): Promise<unknown> => {
    const body = { model: `${id}/gpt-5.4-mini`, messages: [{ role: 'user', content: 'Hello.' }], ...fields }
    const { status } = await daemon.post(body, { path: '/v1/chat/completions' })
    return [status, vendors.posts.at(-1)?.path]
  }
  expect(await ask('plain', { n: 2, seed: 7 })).toEqual([200, '/v1/chat/completions'])
  expect(vendors.posts.at(-1)?.body).toMatchObject({ n: 2, seed: 7 })
  expect(await ask('other', { tools: [FUNCTION], reasoning_effort: 'low' })).toEqual([200, '/v1/responses'])
  const messages = [
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'Hi.', reasoning_content: 'They greet me.' },
    { role: 'user', content: 'Go on.' },
  ]
  expect(await ask('other', { messages })).toEqual([200, '/v1/responses'])
})
