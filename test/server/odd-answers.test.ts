import { expect, it, onTestFinished } from 'vitest'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon } from './run-daemon.js'

const PRICE = { input: 1, output: 4 }

/** One model of one provider, which answers with this. */
async function answering(wire: string, body: string, type = 'application/json') {
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  provider.behave(() => ({ status: 200, body, type }))
  const daemon = await runDaemon({
    providers: { p: { wire, baseURL: provider.origin, apiKey: 'sk-p' } },
    models: [{ id: 'p/m', price: PRICE }],
  })
  onTestFinished(() => daemon.end())
  return daemon
}

it('a stream of Google’s that only says why the prompt was blocked is a whole answer', async () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } }
  const bytes = `data: ${JSON.stringify(blocked)}\r\n\r\n`
  const daemon = await answering('gemini', bytes, 'text/event-stream')
  for (let i = 0; i < 4; i++) {
    const path = '/v1beta/models/p%2Fm:streamGenerateContent?alt=sse'
    const response = await daemon.post({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }, { path })
    expect(await response.text()).toBe(bytes)
  }
  expect((await daemon.lastCall()).attempts).toMatchObject([{ outcome: 'ok', inputTokens: 7, outputTokens: 0, usageSource: 'reported' }])
})

it.each([
  ['its words', [{ content: 'Twelve chars' }], 3],
  ['the words of all its choices', [{ content: 'Twelve chars' }, { content: 'Eight ch' }], 5],
  ['its reasoning', [{ reasoning_content: 'Twenty characters ..', content: 'Yes.' }], 6],
])('an answer without usage is priced by %s, not by the JSON around them', async (_name, messages, outputTokens) => {
  const choices = messages.map((message, index) => ({ index, message: { role: 'assistant', ...message }, finish_reason: 'stop' }))
  const daemon = await answering('openai-chat', JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices }))
  await (await daemon.post({ ...HELLO, model: 'p/m' })).text()
  expect((await daemon.lastCall()).attempts).toMatchObject([{ outcome: 'ok', outputTokens, usageSource: 'estimated' }])
})
