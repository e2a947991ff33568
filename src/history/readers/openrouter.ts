import { splitPrompt } from '../../canonical/index.js'
import { nanoFromUsd } from '../../kit/index.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, number, text, timeMs } from '../fields.js'
import { readTable } from '../read-table.js'
import type { LogReader, ReaderContext } from '../types.js'

/** OpenRouter's activity export, one row a generation. It has figures only. */
export function openOpenrouter(context: ReaderContext): LogReader {
  return readTable((row, n) => {
    const model = text(row.model_permaslug) ?? text(row.model)
    const endMs = timeMs(row.created_at)
    if (model === null || endMs === null) return context.damaged(n, 'model_permaslug or created_at is missing')
    const id = text(row.generation_id) ?? `${row.created_at} ${model} ${row.tokens_prompt} ${row.tokens_completion} ${row.cost_total}`
    if (!isNew(context, id)) return
    const took = number(row.generation_time_ms)
    const cost = number(row.cost_total)
    const prompt = count(row.tokens_prompt)
    const cached = count(row.tokens_cached)
    const cancelled = row.cancelled === 'true' || row.cancelled === true
    emitCall(context, 'openrouter', id, endMs, {
      client: text(row.app_name) ?? 'openrouter',
      line: n,
      atMs: Math.floor(endMs - (took ?? 0)),
      endMs: took === null ? null : endMs,
      ttftMs: number(row.time_to_first_token_ms),
      model,
      provider: 'openrouter',
      format: 'openai-chat',
      usage: { ...splitPrompt(prompt, cached, null), output: count(row.tokens_completion), reasoning: count(row.tokens_reasoning) },
      costNano: cost === null ? null : nanoFromUsd(cost),
      status: cancelled ? 'cancelled' : 'ok',
    })
  })
}
