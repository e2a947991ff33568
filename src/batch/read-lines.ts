import type { WireFormat } from '../canonical/index.js'
import { Fault, isRecord, type Json, parseJson } from '../kit/index.js'
import type { LineSpec, ReadLine } from './types.js'

/** What lines that do not say it themselves are given. */
interface LineDefaults {
  readonly model?: string
  readonly system?: string
}

interface ReadOptions extends LineDefaults {
  /** The one form that lines may have; any unless given. */
  readonly shape?: 'openai' | 'anthropic'
}

const NAMES = { openai: "in OpenAI's batch format: custom_id, url and body", anthropic: 'a request with custom_id and params' } as const

/** Providers' own bound on a batch. */
const MOST_LINES = 100_000

/** Paths of OpenAI's batch format, and their actions. */
const URLS: Readonly<Record<string, Pick<LineSpec, 'format' | 'action'>>> = {
  '/v1/chat/completions': { format: 'openai-chat', action: 'generate' },
  '/v1/responses': { format: 'openai-responses', action: 'generate' },
  '/v1/embeddings': { format: 'openai-chat', action: 'embeddings' },
  '/v1/completions': { format: 'openai-chat', action: 'completions' },
  '/v1/messages': { format: 'anthropic-messages', action: 'generate' },
}

/**
 * The lines of a file: OpenAI's batch format, Anthropic's and Gemini's, `{"id", "prompt"}`, bare request bodies of any of the four
 * formats, JSON strings, or plain text. Throws E_BAD_REQUEST naming the first line that is none of these, or not of the form wanted, or whose id was
 * there before.
 */
export function readLines(text: string, guess: (body: Json) => WireFormat, options: ReadOptions = {}): readonly ReadLine[] {
  const { shape, ...defaults } = options
  const lines: ReadLine[] = []
  const seen = new Set<string>()
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '') continue
    // Anthropic's come as a list, and are named as that vendor names fields.
    const where = shape === 'anthropic' ? `requests.${at}` : `line ${at + 1}`
    if (line.includes('\0')) throw bad(where, 'this is not UTF-8 text')
    const read = readLine(line, String(at + 1), where, guess, defaults)
    if (shape !== undefined && read.shape !== shape) throw bad(where, `this is not ${NAMES[shape]}`)
    if (seen.has(read.id)) throw bad(where, `the id "${read.id.slice(0, 80)}" is there twice`)
    seen.add(read.id)
    lines.push(read)
    if (lines.length > MOST_LINES) throw bad(where, `a batch has at most ${MOST_LINES} lines`)
  }
  if (lines.length === 0) throw new Fault('E_BAD_REQUEST', 'there is no line in it', { final: true })
  return lines
}

function readLine(line: string, nth: string, where: string, guess: (body: Json) => WireFormat, defaults: LineDefaults): ReadLine {
  if (!/^[{"[]/.test(line)) return prompt(nth, line, defaults)
  const value = parseJson(line)
  if (value === undefined) throw bad(where, 'this is not valid JSON')
  if (typeof value === 'string') return prompt(nth, value, defaults)
  if (!isRecord(value)) throw bad(where, 'a line must be an object or a text')
  const id = idOf(value) ?? nth
  if (isRecord(value.params))
    return { id, shape: 'anthropic', format: 'anthropic-messages', action: 'generate', body: whole(value.params, defaults) }
  if (isRecord(value.body)) {
    const asked = URLS[typeof value.url === 'string' ? value.url : '/v1/chat/completions']
    if (asked === undefined) throw bad(where, `"${String(value.url).slice(0, 80)}" cannot be asked in a batch`)
    return { id, shape: 'openai', ...asked, body: whole(value.body, defaults) }
  }
  if (typeof value.prompt === 'string' && value.messages === undefined) return prompt(id, value.prompt, defaults)
  const { request } = value
  const isKeyed = isRecord(request)
  const body = isKeyed ? request : value
  const format = guess(body)
  if (format === 'gemini') {
    const { model, ...rest } = body
    const urlModel = typeof model === 'string' ? model.replace(/^models\//, '') : (defaults.model ?? 'auto')
    return { id, shape: isKeyed && value.key !== undefined ? 'gemini' : 'body', format, action: 'generate', urlModel, body: rest }
  }
  return { id, shape: 'body', format, action: 'generate', body: whole(isKeyed ? body : without(body, 'id', 'custom_id', 'key'), defaults) }
}

/** A batch is not streamed, and a line without a model is routed. */
function whole(body: Json, { model = 'auto' }: LineDefaults): Json {
  return { model, ...without(body, 'stream', 'stream_options') }
}

function prompt(id: string, text: string, { model = 'auto', system }: LineDefaults): ReadLine {
  const user = { role: 'user', content: text }
  const messages = system === undefined ? [user] : [{ role: 'system', content: system }, user]
  return { id, shape: 'plain', format: 'openai-chat', action: 'generate', body: { model, messages } }
}

function idOf({ custom_id, id, key }: Json): string | null {
  const named = [custom_id, id, key].find((value) => typeof value === 'string' || typeof value === 'number')
  return named === undefined ? null : String(named)
}

function without(body: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

function bad(where: string, what: string): Fault {
  return new Fault('E_BAD_REQUEST', `${where}: ${what}`, { param: where, final: true })
}
