import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../src/kit/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { mutateBytes, mutateJson } from './mutate.js'

const BODIES = Number(process.env.FUZZ_BODIES ?? 1500)
const PARALLEL = 32

const TEXT = 'Rename this function and explain why.'
const SCHEMA = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }

/** A body of each format with most of what clients send in it. */
const GOOD: readonly (readonly [path: string, body: unknown])[] = [
  [
    '/v1/chat/completions',
    {
      model: 'auto',
      messages: [
        { role: 'system', content: 'You are careful.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: TEXT },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'function a() {}' },
      ],
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads', parameters: SCHEMA } }],
      tool_choice: 'auto',
      max_tokens: 20,
      temperature: 0.5,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: SCHEMA } },
    },
  ],
  ['/v1/chat/completions', { model: 'auto', input: TEXT, instructions: 'Be brief.', tools: [{ type: 'custom', name: 'x' }], stream: true }],
  [
    '/v1/responses',
    {
      model: 'auto',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: TEXT }] },
        { type: 'reasoning', id: 'r', summary: [], encrypted_content: 'abc' },
        { type: 'function_call', call_id: 'c', name: 'read', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'ok' },
      ],
      tools: [{ type: 'function', name: 'read', parameters: SCHEMA }, { type: 'web_search' }],
      max_output_tokens: 20,
      stream: true,
    },
  ],
  [
    '/v1/messages?beta=true',
    {
      model: 'auto',
      max_tokens: 20,
      system: [{ type: 'text', text: 'You are careful.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: TEXT },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'tool_use', id: 't', name: 'read', input: { path: 'a' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok', is_error: false }] },
      ],
      tools: [{ name: 'read', input_schema: SCHEMA }],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      metadata: { user_id: '{"session_id":"s"}' },
    },
  ],
  [
    '/v1beta/models/auto:generateContent',
    {
      systemInstruction: { parts: [{ text: 'You are careful.' }] },
      contents: [
        { role: 'user', parts: [{ text: TEXT }] },
        { role: 'model', parts: [{ functionCall: { name: 'read', args: { path: 'a' } }, thoughtSignature: 's' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'read', response: { output: 'ok' } } }] },
      ],
      tools: [{ functionDeclarations: [{ name: 'read', parametersJsonSchema: SCHEMA }] }],
      generationConfig: { maxOutputTokens: 20, temperature: 0.5 },
    },
  ],
  [
    '/v1beta/models/auto:streamGenerateContent',
    { contents: [{ role: 'user', parts: [{ text: TEXT }] }], generationConfig: { maxOutputTokens: 5 } },
  ],
  ['/v1/messages/count_tokens', { model: 'auto', messages: [{ role: 'user', content: TEXT }] }],
  ['/v1beta/models/auto:countTokens', { contents: [{ role: 'user', parts: [{ text: TEXT }] }] }],
  ['/v1/embeddings', { model: 'auto', input: [TEXT] }],
  ['/v1/completions', { model: 'auto', prompt: TEXT, max_tokens: 5 }],
]

let daemon: TestDaemon
let agent: Agent

beforeAll(async () => {
  daemon = await runDaemon({ sandbox: { enabled: true, speed: 1_000_000 } })
  agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })
})
afterAll(async () => {
  agent.destroy()
  await daemon.end()
})

function post(path: string, body: Buffer): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
    const req = request({ port: daemon.port, host: '127.0.0.1', method: 'POST', path, headers, agent, timeout: 20_000 }, (res) => {
      let text = ''
      res.on('data', (c: Buffer) => {
        text += c.toString()
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }))
    })
    req.on('timeout', () => req.destroy(new Error('hung')))
    req.on('error', reject)
    req.end(body)
  })
}

it('answers every good body', async () => {
  for (const [path, body] of GOOD) {
    const { status, text } = await post(path, Buffer.from(JSON.stringify(body)))
    // Hosted tools and free-form tools are nothing the sandbox has.
    expect([200, 400], `${path}: ${text}`).toContain(status)
  }
})

it(`answers ${BODIES} odd bodies: no crash, no hang, no error of our own making`, async () => {
  const random = seededRandom(20_261_121)
  const wrong: string[] = []
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < BODIES && wrong.length < 5) {
      sent++
      const [path, body] = GOOD[Math.floor(random() * GOOD.length)] as (typeof GOOD)[number]
      const bytes = random() < 0.25 ? mutateBytes(JSON.stringify(body), random) : Buffer.from(JSON.stringify(mutateJson(body, random)))
      const { status, text } = await post(path, bytes)
      if (status >= 500 || status === 0) wrong.push(`${path} ${status} ${text.slice(0, 200)} ← ${bytes.toString().slice(0, 1500)}`)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  expect(wrong).toEqual([])
  expect(daemon.errors).toEqual([])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(daemon.runtime.router.inFlight).toBe(0)
}, 1_800_000)
