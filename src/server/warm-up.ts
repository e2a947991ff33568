import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Inbound, Router } from '../route/index.js'

/** Longest that warming may keep the processor busy, milliseconds; it goes on between two turns of the event loop, so calls are served meanwhile. */
const BUDGET_MS = 400

/**
 * Makes decisions about made-up requests, sending and recording nothing, so that the first call does not wait for the difficulty model
 * to be unpacked and for the code on its way to be compiled.
 */
export async function warmUp(router: Pick<Router, 'consider' | 'inFlight'>): Promise<void> {
  const requests = sampleRequests()
  let spent = 0
  for (let i = 0; spent < BUDGET_MS && router.inFlight === 0; i++) {
    await nextTurn()
    const start = performance.now()
    const inbound = requests[i % requests.length]
    try {
      if (inbound !== undefined) router.consider({ ...inbound, arrived: start })
    } catch {
      // A pool that can serve none of them will say so to those who ask.
    }
    spent += performance.now() - start
  }
}

function sampleRequests(): readonly Inbound[] {
  const question = 'Why does this test fail now and then, and what would you change?\n\n```ts\nexpect(await next()).toBe(3)\n```'
  const call = { id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"src/a.ts"}' } }
  const tool = { name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: { path: { type: 'string' } } } }
  const chat = [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: question },
  ]
  const loop = [
    ...chat,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: 'export const a = 1\n' },
  ]
  return [
    inboundOf('openai-chat', { model: 'auto', messages: chat }),
    inboundOf('anthropic-messages', { model: 'auto', max_tokens: 100, messages: chat.slice(1) }),
    inboundOf('openai-chat', { model: 'auto', stream: true, messages: loop, tools: [{ type: 'function', function: tool }] }),
    inboundOf('openai-responses', { model: 'auto', input: question }),
  ]
}

function inboundOf(format: Inbound['format'], body: unknown): Inbound {
  return { format, action: 'generate', headers: {}, body: Buffer.from(JSON.stringify(body)), arrived: 0, key: null }
}
