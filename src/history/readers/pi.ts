import type { Message, Part } from '../../canonical/index.js'
import { listOf, nanoFromUsd } from '../../kit/index.js'
import { openConversation } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, number, text, timeMs } from '../fields.js'
import type { LogReader, ReaderContext } from '../types.js'

const TOOLS = ['bash', 'edit', 'read', 'write']
const FORMATS = {
  'openai-completions': 'openai-chat',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
  'google-generative-ai': 'gemini',
} as const

/** pi's sessions: a tree of messages in its own neutral form, whose kinds of token do not overlap. A branch begins where its parent is. */
export function openPi(context: ReaderContext): LogReader {
  let conversation = openConversation('openai-chat', TOOLS)
  let session: string | null = null
  let lastId: string | null = null
  /** Length of the conversation after each entry. */
  const lengths = new Map<string, number>()

  function branch(parent: string | null): void {
    if (parent === lastId || parent === null) return
    const length = lengths.get(parent)
    if (length !== undefined && length < conversation.messages.length) conversation.messages.length = length
  }

  function assistant(row: Fields, message: Fields, n: number): void {
    const length = conversation.messages.length
    const reply: Message[] = [{ role: 'assistant', parts: listOf(message.content).flatMap(readPart) }]
    conversation.messages.push(...reply)
    const usage = fields(message.usage)
    const key = `${session}|${text(row.id) ?? n}`
    if (usage === null || !isNew(context, key)) return
    const endMs = timeMs(row.timestamp) ?? 0
    const model = text(message.model) ?? 'unknown'
    const cost = number(fields(usage.cost)?.total)
    const stop = message.stopReason
    conversation.turns++
    emitCall(context, 'pi', key, endMs, {
      line: n,
      session,
      turn: conversation.turns,
      endMs,
      model,
      request: conversation.request(model, length),
      reply,
      atMs: Math.min(timeMs(message.timestamp) ?? conversation.askedAtMs ?? endMs, endMs),
      provider: text(message.provider),
      format: FORMATS[message.api as keyof typeof FORMATS] ?? 'openai-chat',
      usage: {
        ...{ input: count(usage.input), cacheRead: count(usage.cacheRead), cacheWrite5m: count(usage.cacheWrite), cacheWrite1h: null },
        ...{ output: count(usage.output), reasoning: null, raw: usage },
      },
      // pi writes 0 for models it has no price of.
      costNano: cost === null || cost === 0 ? null : nanoFromUsd(cost),
      status: stop === 'error' ? 'error' : stop === 'aborted' ? 'cancelled' : 'ok',
      error: text(message.errorMessage),
    })
    conversation.sawTools(reply)
  }

  return {
    line(bytes, n) {
      const row = fields(JSON.parse(bytes.toString()))
      if (row === null) return
      if (row.type === 'session') session = text(row.id) ?? session
      if (row.type === 'compaction') {
        conversation = openConversation('openai-chat', TOOLS, conversation.turns)
        lengths.clear()
        const summary = text(row.summary)
        if (summary !== null) conversation.messages.push({ role: 'user', parts: [{ type: 'text', text: summary }] })
      }
      const message = row.type === 'message' ? fields(row.message) : null
      branch(text(row.parentId))
      if (message?.role === 'assistant') assistant(row, message, n)
      else if (message !== null) {
        conversation.messages.push(asked(message))
        conversation.askedAtMs = timeMs(row.timestamp) ?? conversation.askedAtMs
      }
      lastId = text(row.id)
      if (lastId !== null) lengths.set(lastId, conversation.messages.length)
    },
    end() {},
  }
}

function asked(message: Fields): Message {
  const parts = typeof message.content === 'string' ? [textPart(message.content)] : listOf(message.content).flatMap(readPart)
  if (message.role !== 'toolResult') return { role: 'user', parts }
  const name = text(message.toolName)
  const result: Part = {
    type: 'tool-result',
    callId: text(message.toolCallId) ?? '',
    parts,
    ...(name === null ? {} : { name }),
    ...(message.isError === true ? { isError: true } : {}),
  }
  return { role: 'tool', parts: [result] }
}

function readPart(value: unknown): Part[] {
  const part = fields(value)
  switch (part?.type) {
    case 'text':
      return [textPart(text(part.text) ?? '')]
    case 'thinking': {
      const signature = text(part.thinkingSignature)
      return [{ type: 'reasoning', text: text(part.thinking) ?? '', ...(signature === null ? {} : { signature }) }]
    }
    case 'toolCall':
      return [{ type: 'tool-call', id: text(part.id) ?? '', name: text(part.name) ?? '', args: JSON.stringify(part.arguments ?? {}) }]
    case 'image':
      return [{ type: 'image', source: { kind: 'base64', mediaType: text(part.mimeType) ?? 'image/png', data: text(part.data) ?? '' } }]
    default:
      return []
  }
}

function textPart(text: string): Part {
  return { type: 'text', text }
}
