import type { Accepts, Loss, Request } from '../canonical/index.js'

export interface Told {
  readonly request: Request
  readonly loss: Loss
}

/**
 * For a model that cannot be held to a JSON schema: the schema is said in words after what the user said last, and JSON of any shape is
 * asked for where the model has a mode for that. DeepSeek answers a schema with 400, and wants the word JSON in the prompt
 * (api-docs.deepseek.com/guides/json_mode). Null where there is nothing to tell.
 */
export function tellSchema(request: Request, { needs }: Accepts): Told | null {
  const { output, messages } = request
  if (output?.type !== 'json-schema' || needs.includes('json-schema')) return null
  const text = `Answer with one JSON object that fits this JSON schema, without a code fence or other words:\n${JSON.stringify(output.schema)}`
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const told = messages.map((message, i) =>
    i === last ? { ...message, parts: [...message.parts, { type: 'text' as const, text }] } : message,
  )
  const { output: _, ...rest } = request
  return {
    request: {
      ...rest,
      messages: last < 0 ? [...messages, { role: 'user', parts: [{ type: 'text', text }] }] : told,
      ...(needs.includes('json') ? { output: { type: 'json' } } : {}),
    },
    loss: { field: 'response_format', why: 'this model cannot be held to a schema: it is told in words', matters: true },
  }
}
