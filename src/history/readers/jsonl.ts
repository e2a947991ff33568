import { type Request, WIRE_FORMATS, type WireFormat } from '../../canonical/index.js'
import { nanoFromUsd } from '../../kit/index.js'
import { readBody } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, number, text, timeMs } from '../fields.js'
import { readTable } from '../read-table.js'
import type { LogReader, ReaderContext } from '../types.js'

/**
 * The format for everything else, described in docs/import.md: one JSON object per line with `model`, `time` and, if known, `usage` (kinds
 * that do not overlap), `request` (a body in any of the four wire formats) or `prompt`, `session`, latency and cost.
 */
export function openJsonl(context: ReaderContext): LogReader {
  const turns = new Map<string, number>()
  return readTable((row, n) => {
    const model = text(row.model)
    const atMs = timeMs(row.time)
    if (model === null || atMs === null) return context.damaged(n, 'model or time is missing')
    const id = text(row.id) ?? JSON.stringify(row)
    if (!isNew(context, id)) return
    const format = formatOf(row.format)
    const request = requestOf(row, format, model)
    if (request === 'damaged') return context.damaged(n, `the request is not a valid ${format} body`)
    const session = text(row.session)
    const turn = count(row.turn) ?? (session === null ? 1 : (turns.get(session) ?? 0) + 1)
    if (session !== null) turns.set(session, turn)
    const usage = fields(row.usage) ?? {}
    const latencyMs = number(row.latencyMs)
    const cost = number(row.costUsd)
    const error = text(row.error)
    emitCall(context, 'jsonl', id, atMs, {
      client: text(row.client) ?? 'jsonl',
      line: n,
      session,
      sideChain: text(row.sideChain),
      turn,
      atMs,
      ttftMs: number(row.ttftMs),
      endMs: latencyMs === null ? null : Math.round(atMs + latencyMs),
      model,
      provider: text(row.provider),
      format,
      request,
      usage: {
        ...{ input: count(usage.input), cacheRead: count(usage.cacheRead), cacheWrite5m: count(usage.cacheWrite5m) },
        ...{ cacheWrite1h: count(usage.cacheWrite1h), output: count(usage.output), reasoning: count(usage.reasoning) },
      },
      costNano: cost === null ? null : nanoFromUsd(cost),
      status: error === null ? 'ok' : 'error',
      error,
    })
  })
}

function formatOf(value: unknown): WireFormat {
  return WIRE_FORMATS.find((format) => format === value) ?? 'openai-chat'
}

function requestOf(row: Fields, format: WireFormat, model: string): Request | null | 'damaged' {
  const prompt = text(row.prompt)
  const body = fields(row.request)
  if (body === null) {
    if (prompt === null) return null
    return { format, model, messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }], tools: [], sampling: {}, stream: false }
  }
  try {
    return readBody(format, model, body)
  } catch {
    return 'damaged'
  }
}
