import type { Accepts, Extra, Loss, Message, Request } from '../canonical/index.js'
import { isRecord, leftover, recordOf } from './json.js'

const FORM = new Set(['format', 'responseMimeType', 'responseSchema', 'responseJsonSchema'])

export interface Told {
  readonly request: Request
  readonly loss: Loss
}

/**
 * For a model that cannot be held to a JSON schema: the schema is said in words after what the user said last, and JSON of any shape is
 * asked for where the model has a mode for that. DeepSeek answers a schema with 400, and wants the word JSON in the prompt
 * (api-docs.deepseek.com/guides/json_mode). Null where there is nothing to tell.
 */
export function tellSchema(request: Request, { needs, refuses }: Accepts): Told | null {
  const { output, messages, tools } = request
  const apart = tools.length > 0 && refuses.includes('json_with_tools')
  if (output === undefined || (!apart && (output.type === 'json' || needs.includes('json-schema')))) return null
  const fit = output.type === 'json' ? '' : ' that fits this JSON schema'
  const begin = `${apart ? 'When no tool is needed any more, answer' : 'Answer'} with one JSON object${fit}, without a code fence or other words`
  const text = output.type === 'json' ? `${begin}.` : `${begin}:\n${JSON.stringify(output.schema)}`
  const { output: _, extra, ...rest } = request
  return {
    request: {
      ...rest,
      messages: withLastWords(messages, text),
      ...(extra && { extra: withoutForm(extra) }),
      ...(needs.includes('json') && !apart ? { output: { type: 'json' } } : {}),
    },
    loss: {
      field: 'response_format',
      why: apart
        ? 'this model takes a JSON answer or tools, not both: it is told in words'
        : 'this model cannot be held to a schema: it is told in words',
      matters: true,
    },
  }
}

/** What the client's own format said of the form, kept beside the neutral words, would ask for it again. */
function withoutForm({ response_format: _, ...extra }: Extra): Extra {
  const forms = ['text', 'output_config', 'generationConfig'].filter((field) => isRecord(extra[field]))
  return { ...extra, ...Object.fromEntries(forms.map((field) => [field, leftover(recordOf(extra[field]), FORM) ?? {}])) }
}

/** OpenAI and DeepSeek refuse their JSON mode unless a message holds the word; other formats' clients need not say it. */
export function tellJson(request: Request): Request {
  const { output, messages } = request
  if (output?.type !== 'json' || messages.some(({ parts }) => parts.some((part) => part.type === 'text' && /json/i.test(part.text))))
    return request
  return { ...request, messages: withLastWords(messages, 'Answer in JSON.') }
}

/** Words after what the user said last. */
function withLastWords(messages: readonly Message[], text: string): readonly Message[] {
  const part = { type: 'text', text } as const
  const last = messages.findLastIndex(({ role }) => role === 'user')
  if (last < 0) return [...messages, { role: 'user', parts: [part] }]
  return messages.map((message, i) => (i === last ? { ...message, parts: [...message.parts, part] } : message))
}
