import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Message, Request, WireFormat } from '../../src/canonical/index.js'
import { codecFor } from '../../src/wire/index.js'

const FOLDER = fileURLToPath(new URL('../fixtures/client-bodies/', import.meta.url))

/** Names of the captured requests that are turns of a conversation, not titles or preflights. */
export const TURNS: readonly string[] = readdirSync(FOLDER)
  .filter((name) => !/title|preflight|websocket/.test(name))
  .map((name) => name.replace(/\.json$/, ''))
  .sort()

export function readFixture(name: string): Request {
  const { url, body } = JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')) as { url: string; body: Record<string, unknown> }
  return codecFor(formatOf(url)).readRequest(body, { headers: {}, urlModel: String(body.model ?? 'auto'), urlStream: true })
}

function formatOf(url: string): WireFormat {
  if (url.includes('/chat/completions')) return 'openai-chat'
  if (url.includes('/responses')) return 'openai-responses'
  return url.includes('/messages') ? 'anthropic-messages' : 'gemini'
}

/** The request with what the person typed last replaced; the client's own blocks in that message stay. */
export function withTurn(request: Request, text: string): Request {
  const index = request.messages.findLastIndex((m) => m.role === 'user' && m.parts.some((p) => p.type === 'text'))
  const messages = request.messages.map((message, i): Message => {
    if (i !== index) return message
    const last = message.parts.findLastIndex((p) => p.type === 'text')
    return { ...message, parts: message.parts.map((part, k) => (k === last ? { type: 'text', text } : part)) }
  })
  return { ...request, messages }
}

/** A plain chat request. */
export function ask(text: string): Request {
  return {
    format: 'openai-chat',
    model: 'auto',
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    tools: [],
    sampling: {},
    stream: false,
  }
}
