import { type Json, listOf, recordOf, recordsIn } from '../../kit/index.js'

/** The parts of an openai-chat body that the sandbox reads; malformed parts count as absent. */
export interface ChatBody {
  readonly model: string
  readonly stream: boolean
  readonly includeUsage: boolean
  /** Upper bound on answer tokens. */
  readonly limit: number
  readonly n: number
  /** Text of each message in order, tools first; their lengths make the prompt. */
  readonly texts: readonly string[]
  readonly question: string
  readonly lastRole: string
  readonly lastText: string
  readonly tools: readonly { readonly name: string; readonly schema: unknown }[]
  /** A tool that must be called: its name, `*` for any; null when free; `none` when forbidden. */
  readonly choice: { readonly kind: 'auto' | 'none' | 'any' } | { readonly kind: 'named'; readonly name: string }
  /** Null when plain text is wanted. */
  readonly json: { readonly schema: unknown } | null
}

function text(content: unknown): string {
  if (typeof content === 'string') return content
  const texts = recordsIn(content).map((part) => part.text)
  return texts.filter((t) => typeof t === 'string').join('\n')
}

export function readChat(raw: string | Uint8Array): ChatBody {
  const body = recordOf(JSON.parse(typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8')))
  const messages = listOf(body.messages).map(recordOf)
  const tools = recordsIn(body.tools)
    .map((t) => recordOf(t.function))
    .filter((f) => typeof f.name === 'string')
    .map((f) => ({ name: String(f.name), schema: f.parameters }))
  const last = messages.at(-1) ?? {}
  const limit = body.max_completion_tokens ?? body.max_tokens
  return {
    model: String(body.model),
    stream: body.stream === true,
    includeUsage: recordOf(body.stream_options).include_usage === true,
    limit: typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY,
    n: typeof body.n === 'number' ? Math.max(1, Math.min(16, Math.floor(body.n))) : 1,
    texts: [...(tools.length > 0 ? [JSON.stringify(body.tools)] : []), ...messages.map((m) => `${m.role}:${messageText(m)}`)],
    question: text([...messages].reverse().find((m) => m.role === 'user')?.content),
    lastRole: String(last.role ?? ''),
    lastText: text(last.content),
    tools,
    choice: readChoice(body.tool_choice),
    json: readFormat(recordOf(body.response_format)),
  }
}

function messageText(m: Json): string {
  return m.tool_calls === undefined ? text(m.content) : text(m.content) + JSON.stringify(m.tool_calls)
}

function readChoice(choice: unknown): ChatBody['choice'] {
  if (choice === 'none') return { kind: 'none' }
  if (choice === 'required') return { kind: 'any' }
  const name = recordOf(recordOf(choice).function).name
  return typeof name === 'string' ? { kind: 'named', name } : { kind: 'auto' }
}

function readFormat(format: Json): ChatBody['json'] {
  if (format.type === 'json_object') return { schema: { type: 'object' } }
  return format.type === 'json_schema' ? { schema: recordOf(format.json_schema).schema } : null
}
