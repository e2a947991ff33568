import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const CHAT = '/v1/chat/completions'
const RESPONSES = '/v1/responses'
const MESSAGES = '/v1/messages'
const GEMINI = '/v1beta/models/auto:generateContent'
const text = { type: 'text' }

/** A body, and the field that its answer names. */
const CASES: readonly (readonly [path: string, body: unknown, field: string])[] = [
  [CHAT, '{"model":', 'JSON'],
  [CHAT, [], 'JSON object'],
  [CHAT, { messages: [] }, 'model'],
  [CHAT, { model: 'auto' }, 'messages'],
  [CHAT, { model: 'auto', messages: [] }, 'messages'],
  [CHAT, { model: 'auto', messages: [{ role: 'wizard', content: 'x' }] }, 'messages.0.role'],
  [CHAT, { model: 'auto', messages: [{ role: 'user', content: [text] }] }, 'messages.0.content.0.text'],
  [CHAT, { model: 'auto', messages: [{ role: 'user', content: 'x' }], temperature: 'hot' }, 'temperature'],
  [
    CHAT,
    { model: 'auto', messages: [{ role: 'user', content: 'x' }], tools: [{ type: 'function', function: {} }] },
    'tools.0.function.name',
  ],
  [CHAT, { model: 'auto', messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.tool_call_id'],
  [RESPONSES, { model: 'auto' }, 'input'],
  [RESPONSES, { model: 'auto', input: 5 }, 'input'],
  [RESPONSES, { model: 'auto', input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input.0.call_id'],
  [RESPONSES, { model: 'auto', input: 'x', tools: [{ type: 'function' }] }, 'tools.0.name'],
  [MESSAGES, { max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }, 'model'],
  [MESSAGES, { model: 'auto', max_tokens: 9 }, 'messages'],
  [MESSAGES, { model: 'auto', max_tokens: 'many', messages: [{ role: 'user', content: 'x' }] }, 'max_tokens'],
  [MESSAGES, { model: 'auto', max_tokens: 9, messages: [{ role: 'user', content: [text] }] }, 'messages.0.content.0.text'],
  [`${MESSAGES}/count_tokens`, { model: 'auto' }, 'messages'],
  [GEMINI, {}, 'contents'],
  [GEMINI, { contents: [{ parts: [{ text: 5 }] }] }, 'contents.0.parts.0.text'],
  [GEMINI, { contents: [{ parts: [{ text: 'x' }] }], generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
  [GEMINI, { contents: [{ parts: [{ text: 'x' }] }], tools: [{ functionDeclarations: [{}] }] }, 'tools.0.functionDeclarations.0.name'],
  ['/v1/embeddings', { model: 'auto' }, 'input'],
  ['/v1/completions', { model: 'auto' }, 'prompt'],
]

it.each(CASES)('%s answers %j with a 400 that names %s, and asks nobody', async (path, body, field) => {
  const asked = world.vendors.posts.length
  const response = await world.daemon.post(body, { path })
  expect(response.status).toBe(400)
  // Repeating cannot help.
  expect(response.headers.get('x-should-retry')).toBe('false')
  const answer = (await response.json()) as { type?: string; error: { message: string; status?: string; type?: string; param?: string } }
  expect(answer.error.message).toContain(field)
  if (path.startsWith(MESSAGES)) expect(answer).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
  else if (path === GEMINI) expect(answer).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } })
  else expect(answer).toMatchObject({ error: { type: 'invalid_request_error', param: field.includes('JSON') ? null : field } })
  expect(world.vendors.posts.length).toBe(asked)
})
