export type Json = Record<string | symbol, unknown>

/** How one item of a batch turns out; `empty` answers of OpenAI succeed, are charged for, and hold no choice. */
export type Fate = 'ok' | 'error' | 'refused' | 'expired' | 'empty'

/** Tokens that every answer is said to have used. */
export const TOKENS = { input: 100, output: 20 } as const

export interface Item {
  readonly id: string
  readonly body: Json
  readonly model: string
}

export function openaiReply({ id, body, model }: Item): Json {
  const message = { role: 'assistant', content: `echo ${promptOf(body)}` }
  return {
    ...{ id: `chatcmpl-${id}`, object: 'chat.completion', created: 1, model, choices: [{ index: 0, message, finish_reason: 'stop' }] },
    usage: { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output, total_tokens: TOKENS.input + TOKENS.output },
  }
}

export function openaiResult(item: Item, fate: Fate): Json {
  const error = (status_code: number) => ({ status_code, request_id: 'r', body: { error: { message: fate, type: 'server_error' } } })
  const expired = { code: 'batch_expired', message: 'expired' }
  if (fate === 'expired') return { id: 'r', custom_id: item.id, response: null, error: expired }
  const body = fate === 'empty' ? { ...openaiReply(item), choices: [] } : openaiReply(item)
  const response = fate === 'ok' || fate === 'empty' ? { status_code: 200, request_id: 'r', body } : error(fate === 'refused' ? 400 : 500)
  return { id: 'r', custom_id: item.id, response, error: null }
}

export function anthropicReply({ id, body, model }: Item): Json {
  return {
    ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [{ type: 'text', text: `echo ${promptOf(body)}` }] },
    ...{ stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: TOKENS.input, output_tokens: TOKENS.output } },
  }
}

export function anthropicResult(item: Item, fate: Fate): Json {
  const error = { type: fate === 'refused' ? 'invalid_request_error' : 'api_error', message: fate }
  const result =
    fate === 'ok'
      ? { type: 'succeeded', message: anthropicReply(item) }
      : fate === 'expired'
        ? { type: 'expired' }
        : { type: 'errored', error: { type: 'error', error } }
  return { custom_id: item.id, result }
}

export function geminiReply({ body }: Item): Json {
  const content = { role: 'model', parts: [{ text: `echo ${promptOf(body)}` }] }
  return {
    candidates: [{ index: 0, content, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: TOKENS.input, candidatesTokenCount: TOKENS.output, totalTokenCount: TOKENS.input + TOKENS.output },
  }
}

export function geminiResult(item: Item, fate: Fate): Json {
  const metadata = { key: item.id }
  const code = fate === 'refused' ? 3 : fate === 'expired' ? 4 : 13
  return fate === 'ok' ? { metadata, response: geminiReply(item) } : { metadata, error: { code, message: fate } }
}

/** The last thing said by the person, in any of the formats. */
export function promptOf(body: Json): string {
  const turns = (body.messages ?? body.contents ?? body.input) as { content?: unknown; parts?: unknown }[]
  const last = turns.at(-1)
  const content = last?.content ?? last?.parts
  if (typeof content === 'string') return content
  return (content as { text?: string }[]).map((part) => part.text ?? '').join('')
}

export function hash(text: string): number {
  let h = 7
  for (const c of text) h = (h * 31 + c.charCodeAt(0)) % 1_000_003
  return h
}
