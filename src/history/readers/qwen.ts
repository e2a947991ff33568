import type { Message } from '../../canonical/index.js'
import { listOf } from '../../kit/index.js'
import { openConversation, orDamaged } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, number, text, timeMs } from '../fields.js'
import { geminiUsage, metadataCounts, readParts } from '../gemini-parts.js'
import type { LogReader, ReaderContext } from '../types.js'

const FORMAT = 'openai-chat'
const TOOLS = ['edit', 'read_file', 'run_shell_command', 'write_file']

/** A response as telemetry reports it, just before the answer is logged. */
interface Reported {
  readonly event: Fields
  readonly uuid: string
  readonly line: number
  readonly endMs: number
}

/**
 * Qwen Code's chats. Answers carry usage; the telemetry before them carries their durations. Sub-agents leave telemetry only, and are
 * returned as side-chains without a request.
 */
export function openQwen(context: ReaderContext): LogReader {
  const conversation = openConversation(FORMAT, TOOLS)
  let session: string | null = null
  let reported: Reported | null = null

  function assistant(row: Fields, n: number): void {
    const length = conversation.messages.length
    const reply = convert('model', row, n)
    conversation.messages.push(...reply)
    const usage = fields(row.usageMetadata)
    const before = reported
    reported = null
    if (usage === null) return
    emit({
      key: text(row.uuid) ?? `line ${n}`,
      line: n,
      model: text(row.model) ?? 'unknown',
      endMs: before?.endMs ?? timeMs(row.timestamp) ?? 0,
      durationMs: number(before?.event.duration_ms),
      sideChain: null,
      counts: metadataCounts(usage),
      raw: usage,
      asked: { length, reply },
    })
    conversation.sawTools(reply)
  }

  function telemetry(row: Fields, n: number): void {
    const event = fields(fields(row.systemPayload)?.uiEvent)
    if (event?.['event.name'] !== 'qwen-code.api_response') return
    const next = { event, uuid: text(row.uuid) ?? `line ${n}`, line: n, endMs: timeMs(row.timestamp) ?? 0 }
    if (text(event.subagent_name) !== null) telemetryOnly(next)
    else {
      if (reported !== null) telemetryOnly(reported)
      reported = next
    }
  }

  function telemetryOnly({ event, uuid, line, endMs }: Reported): void {
    const counts = {
      ...{ prompt: count(event.input_token_count), cached: count(event.cached_content_token_count), tool: null },
      ...{
        candidates: count(event.output_token_count),
        thoughts: count(event.thoughts_token_count),
        total: count(event.total_token_count),
      },
    }
    const sideChain = text(event.subagent_name) ?? 'unlogged'
    const [model, durationMs] = [text(event.model) ?? 'unknown', number(event.duration_ms)]
    emit({ key: uuid, line, model, endMs, durationMs, sideChain, counts, raw: event, asked: null })
  }

  interface Emitted {
    readonly key: string
    readonly line: number
    readonly model: string
    readonly endMs: number
    readonly durationMs: number | null
    readonly sideChain: string | null
    readonly counts: Parameters<typeof geminiUsage>[0]
    readonly raw: Fields
    readonly asked: { readonly length: number; readonly reply: readonly Message[] } | null
  }

  function emit(e: Emitted): void {
    const { asked, durationMs, endMs, model } = e
    const key = `${session}|${e.key}`
    if (!isNew(context, key)) return
    if (asked !== null) conversation.turns++
    const askedAtMs = durationMs === null ? (conversation.askedAtMs ?? endMs) : endMs - durationMs
    emitCall(context, 'qwen', key, endMs, {
      client: 'qwen-code',
      line: e.line,
      session,
      sideChain: e.sideChain,
      turn: asked === null ? 1 : conversation.turns,
      atMs: Math.min(askedAtMs, endMs),
      endMs,
      model,
      format: FORMAT,
      usage: geminiUsage(e.counts, e.raw),
      request: asked && conversation.request(model, asked.length),
      reply: asked?.reply ?? [],
    })
  }

  function convert(role: 'user' | 'model', row: Fields, n: number): readonly Message[] {
    return orDamaged(context, n, () => readParts(role, listOf(fields(row.message)?.parts)))
  }

  return {
    line(bytes, n) {
      const row = fields(JSON.parse(bytes.toString()))
      if (row === null) return
      session = text(row.sessionId) ?? session
      if (row.type === 'assistant') assistant(row, n)
      else if (row.type === 'system') telemetry(row, n)
      else if (row.type === 'user' || row.type === 'tool_result') {
        conversation.messages.push(...convert('user', row, n))
        conversation.askedAtMs = timeMs(row.timestamp) ?? conversation.askedAtMs
      }
    },
    end() {
      if (reported !== null) telemetryOnly(reported)
    },
  }
}
