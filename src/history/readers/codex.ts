import { type Message, splitPrompt, type Usage } from '../../canonical/index.js'
import { listOf } from '../../kit/index.js'
import { openConversation, orDamaged, readFragment } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, text, timeMs } from '../fields.js'
import type { LogReader, ReaderContext } from '../types.js'

const FORMAT = 'openai-responses'
const TOOLS = ['shell', 'apply_patch']
/** Output of the model; other items of the conversation are input to it. */
const WRITTEN = new Set(['reasoning', 'function_call', 'custom_tool_call', 'local_shell_call', 'web_search_call'])
const ASKED = new Set(['function_call_output', 'custom_tool_call_output', 'local_shell_call_output'])

/**
 * Codex's rollout files. Each response is followed by its usage: a `token_usage_record` in newer versions, a `token_count` event
 * in all; where a file has records, its events are left aside. An event that repeats the totals of the one before is no new call.
 */
export function openCodex(context: ReaderContext): LogReader {
  let conversation = openConversation(FORMAT, TOOLS)
  let session: string | null = null
  let model = 'unknown'
  let provider: string | null = null
  /** Where the answer that is being logged begins. */
  let answerAt: number | null = null
  let hasRecords = false
  let lastTotal: string | null = null

  function item(payload: Fields, atMs: number, n: number): void {
    const kind = text(payload.type) ?? ''
    const written = WRITTEN.has(kind) || (kind === 'message' && payload.role === 'assistant')
    if (!written && !ASKED.has(kind) && kind !== 'message') return
    const length = conversation.messages.length
    conversation.messages.push(...convert(payload, n))
    if (written) answerAt ??= length
    else conversation.askedAtMs = atMs
  }

  function convert(payload: Fields, n: number): readonly Message[] {
    return orDamaged(context, n, () => readFragment(FORMAT, { input: [payload] }))
  }

  function used(usage: Fields, name: string, endMs: number, n: number): void {
    const length = answerAt ?? conversation.messages.length
    const reply = conversation.messages.slice(length).filter((m) => m.role === 'assistant')
    answerAt = null
    const key = `${session}|${name}`
    if (!isNew(context, key)) return
    conversation.turns++
    emitCall(context, 'codex', key, endMs, {
      line: n,
      session,
      turn: conversation.turns,
      atMs: Math.min(conversation.askedAtMs ?? endMs, endMs),
      endMs,
      model,
      provider,
      format: FORMAT,
      usage: readUsage(usage),
      request: conversation.request(model, length),
      reply,
    })
    conversation.sawTools(reply)
  }

  function tokenCount(info: Fields | null, atMs: number, n: number): void {
    const last = fields(info?.last_token_usage)
    const total = JSON.stringify(info?.total_token_usage ?? null)
    if (last === null || hasRecords || total === lastTotal) return
    lastTotal = total
    used(last, `total ${total}`, atMs, n)
  }

  return {
    line(bytes, n) {
      if (!matters(bytes)) return
      const row = fields(JSON.parse(bytes.toString()))
      const payload = fields(row?.payload)
      if (row === null || payload === null) return
      const atMs = timeMs(row.timestamp) ?? conversation.askedAtMs ?? 0
      switch (row.type) {
        case 'session_meta':
          session = text(payload.id) ?? text(payload.session_id) ?? session
          provider = text(payload.model_provider) ?? provider
          return
        case 'turn_context':
          model = text(payload.model) ?? model
          return
        case 'response_item':
          return item(payload, atMs, n)
        case 'token_usage_record': {
          hasRecords = true
          const usage = fields(payload.usage)
          if (usage !== null) used(usage, `${text(payload.response_id)} ${JSON.stringify(payload.thread_token_usage ?? n)}`, atMs, n)
          return
        }
        case 'event_msg':
          if (payload.type === 'token_count') tokenCount(fields(payload.info), atMs, n)
          return
        case 'compacted': {
          conversation = openConversation(FORMAT, TOOLS, conversation.turns)
          answerAt = null
          for (const kept of listOf(payload.replacement_history)) item(fields(kept) ?? {}, atMs, n)
          answerAt = null
          return
        }
      }
    },
    end() {},
  }
}

const KINDS = ['session_meta', 'turn_context', 'response_item', 'token_usage_record', 'event_msg', 'compacted']
const HEAD = 160

function matters(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEAD)
  const kind = /"type":"(\w+)"/.exec(head)?.[1]
  if (kind === 'event_msg') return head.includes('"token_count"')
  return kind === undefined || KINDS.includes(kind)
}

/** Input includes tokens read from and written to the cache; output includes reasoning. */
function readUsage(usage: Fields): Usage {
  return {
    ...splitPrompt(count(usage.input_tokens), count(usage.cached_input_tokens), count(usage.cache_write_input_tokens)),
    output: count(usage.output_tokens),
    reasoning: count(usage.reasoning_output_tokens),
    raw: usage,
  }
}
