import type { Said } from './brain.js'
import type { Json } from './refusal.js'
import { sign } from './signatures.js'
import { nextAnswer, store } from './stored-items.js'
import { pieces, sse } from './stream.js'

const USAGE = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 100 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 8 },
  total_tokens: 150,
}

function itemsOf(said: Said, model: string, body: Json): readonly Json[] {
  const n = nextAnswer()
  const refused = said.end === 'refusal'
  const part = refused ? { type: 'refusal', refusal: said.text } : { type: 'output_text', text: said.text, annotations: [], logprobs: [] }
  const items = [
    ...(said.thinking === null
      ? []
      : [
          {
            id: `rs_up_${n}`,
            type: 'reasoning',
            summary: [{ type: 'summary_text', text: said.thinking }],
            encrypted_content: sign('openai', model),
          },
        ]),
    ...(said.text === '' ? [] : [{ id: `msg_up_${n}`, type: 'message', status: 'completed', role: 'assistant', content: [part] }]),
    ...said.calls.map((call, i) => ({
      id: `fc_up_${n}_${i}`,
      type: 'function_call',
      status: 'completed',
      call_id: `call_up_${n}_${i}`,
      name: call.name,
      arguments: JSON.stringify(call.args),
    })),
  ]
  if (body.store !== false) items.forEach(store)
  return items
}

function responseOf(said: Said, model: string, body: Json, status: string, output: readonly Json[]): Json {
  const done = status !== 'in_progress'
  return {
    id: 'resp_upstream',
    object: 'response',
    created_at: 1_760_000_000,
    status: done && said.end === 'length' ? 'incomplete' : status,
    incomplete_details: done && said.end === 'length' ? { reason: 'max_output_tokens' } : null,
    error: null,
    model: `${model}-2026-01-01`,
    output,
    instructions: body.instructions ?? null,
    parallel_tool_calls: true,
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    reasoning: body.reasoning ?? { effort: null, summary: null },
    text: body.text ?? { format: { type: 'text' } },
    temperature: body.temperature ?? 1,
    top_p: body.top_p ?? 1,
    store: body.store ?? true,
    metadata: {},
    usage: done ? USAGE : null,
  }
}

export function sayResponses(said: Said, model: string, body: Json): Json {
  return responseOf(said, model, body, 'completed', itemsOf(said, model, body))
}

export function* streamResponses(said: Said, model: string, body: Json): Generator<string> {
  let sequence_number = 0
  const event = (type: string, fields: Json): string => sse({ type, sequence_number: sequence_number++, ...fields }, type)
  yield event('response.created', { response: responseOf(said, model, body, 'in_progress', []) })
  yield event('response.in_progress', { response: responseOf(said, model, body, 'in_progress', []) })
  const items = itemsOf(said, model, body)
  for (const [output_index, item] of items.entries()) yield* streamItem(item, output_index, event)
  const last = responseOf(said, model, body, 'completed', items)
  yield event(`response.${last.status}`, { response: last })
}

type Write = (type: string, fields: Json) => string

function* streamItem(item: Json, output_index: number, event: Write): Generator<string> {
  const at = { item_id: item.id, output_index }
  if (item.type === 'reasoning') {
    const part = (item.summary as readonly Json[])[0] as Json
    yield event('response.output_item.added', { output_index, item: { ...item, summary: [] } })
    yield event('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { ...part, text: '' } })
    for (const delta of pieces(String(part.text))) yield event('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta })
    yield event('response.reasoning_summary_text.done', { ...at, summary_index: 0, text: part.text })
    yield event('response.reasoning_summary_part.done', { ...at, summary_index: 0, part })
  } else if (item.type === 'message') {
    const part = (item.content as readonly Json[])[0] as Json
    const [kind, field] = part.type === 'refusal' ? ['refusal', 'refusal'] : ['output_text', 'text']
    yield event('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', content: [] } })
    yield event('response.content_part.added', { ...at, content_index: 0, part: { ...part, [field]: '' } })
    for (const delta of pieces(String(part[field]))) yield event(`response.${kind}.delta`, { ...at, content_index: 0, delta, logprobs: [] })
    yield event(`response.${kind}.done`, { ...at, content_index: 0, [field]: part[field], logprobs: [] })
    yield event('response.content_part.done', { ...at, content_index: 0, part })
  } else {
    yield event('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', arguments: '' } })
    for (const delta of pieces(String(item.arguments))) yield event('response.function_call_arguments.delta', { ...at, delta })
    yield event('response.function_call_arguments.done', { ...at, name: item.name, arguments: item.arguments })
  }
  yield event('response.output_item.done', { output_index, item })
}
