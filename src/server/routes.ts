import type { WireFormat } from '../canonical/index.js'
import type { Action } from '../route/index.js'

type BatchApi = 'files' | 'batches' | 'message-batches'

/** What the daemon answers itself. */
export type OwnPath = { readonly kind: 'health' | 'metrics' | 'page' } | { readonly kind: 'api'; readonly path: string }

/** What a path requests. */
export type Wanted =
  | {
      readonly kind: 'infer'
      readonly format: WireFormat
      readonly action: Action
      readonly urlModel?: string
      readonly urlStream?: boolean
      /** Gemini without `alt=sse` streams a JSON array. */
      readonly jsonArray?: boolean
    }
  | { readonly kind: 'models'; readonly format: WireFormat; readonly id: string | null }
  | { readonly kind: 'hello' }
  | OwnPath
  | { readonly kind: 'batch'; readonly format: WireFormat; readonly api: BatchApi; readonly rest: readonly string[] }

interface Row {
  readonly method: 'GET' | 'POST'
  readonly wanted: Wanted
}

const infer = (format: WireFormat, action: Action = 'generate'): Row => ({ method: 'POST', wanted: { kind: 'infer', format, action } })
const list = (format: WireFormat): Row => ({ method: 'GET', wanted: { kind: 'models', format, id: null } })

/** Paths without a parameter. A client whose base URL lacks the `/v1` is understood too. */
const EXACT: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['/v1/chat/completions', infer('openai-chat')],
  ['/chat/completions', infer('openai-chat')],
  ['/v1/responses', infer('openai-responses')],
  ['/responses', infer('openai-responses')],
  ['/v1/responses/input_tokens', infer('openai-responses', 'count-tokens')],
  ['/v1/messages', infer('anthropic-messages')],
  ['/v1/messages/count_tokens', infer('anthropic-messages', 'count-tokens')],
  ['/v1/embeddings', infer('openai-chat', 'embeddings')],
  ['/embeddings', infer('openai-chat', 'embeddings')],
  ['/v1/completions', infer('openai-chat', 'completions')],
  ['/v1/models', list('openai-chat')],
  ['/models', list('openai-chat')],
  ['/v1beta/models', list('gemini')],
  ['/health', { method: 'GET', wanted: { kind: 'health' } }],
  ['/metrics', { method: 'GET', wanted: { kind: 'metrics' } }],
  ['/', { method: 'GET', wanted: { kind: 'page' } }],
  // Claude Code 2.1 asks this before its first request.
  ['/api/hello', { method: 'GET', wanted: { kind: 'hello' } }],
])

/** The batch APIs; an id and perhaps an action follow. Methods are checked where they are answered. */
const BATCH_APIS: readonly (readonly [path: RegExp, api: BatchApi, format: WireFormat])[] = [
  [/^(?:\/v1)?\/files(?:\/(.*))?$/, 'files', 'openai-chat'],
  [/^(?:\/v1)?\/batches(?:\/(.*))?$/, 'batches', 'openai-chat'],
  [/^\/v1\/messages\/batches(?:\/(.*))?$/, 'message-batches', 'anthropic-messages'],
]

function findBatchRoute(path: string): Row | null {
  for (const [pattern, api, format] of BATCH_APIS) {
    const match = pattern.exec(path)
    if (match !== null) return { method: 'POST', wanted: { kind: 'batch', format, api, rest: (match[1] ?? '').split('/').filter(Boolean) } }
  }
  return null
}

const GEMINI_ACTIONS: ReadonlyMap<string, { readonly action: Action; readonly stream: boolean }> = new Map([
  ['generateContent', { action: 'generate', stream: false }],
  ['streamGenerateContent', { action: 'generate', stream: true }],
  ['countTokens', { action: 'count-tokens', stream: false }],
])

/** In front, except of the daemon's own API, or after the version: a base URL that ends in a slash, and a path that begins with one. */
const DOUBLED = /^\/\/+(?=(?!api\/)\w)|(?<=^\/v1(?:beta)?)\/\/+/

/** The row of a path; null when there is none. Query parameters matter to Gemini only. */
export function findRoute(url: string): Row | null {
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(DOUBLED, '/')
  const exact = EXACT.get(path)
  if (exact !== undefined) return exact
  if (path.startsWith('/api/')) return { method: 'GET', wanted: { kind: 'api', path } }
  const batch = findBatchRoute(path)
  if (batch !== null) return batch
  const model = /^\/(v1|v1beta)\/(models\/)?(.+)$/.exec(path)
  if (model === null) return null
  const name = decode(model[3] ?? '')
  if (name === null) return null
  const colon = name.lastIndexOf(':')
  const known = GEMINI_ACTIONS.get(name.slice(colon + 1))
  // @ai-sdk/google 3 leaves `models/` out before a name that holds a slash.
  if (colon > 0 && known !== undefined) {
    const sse = mark >= 0 && /(^|&)alt=sse(&|$)/.test(url.slice(mark + 1))
    const urlModel = name.slice(0, colon)
    return {
      method: 'POST',
      wanted: { kind: 'infer', format: 'gemini', action: known.action, urlModel, urlStream: known.stream, jsonArray: known.stream && !sse },
    }
  }
  if (model[2] === undefined) return null
  const format = model[1] === 'v1beta' ? 'gemini' : 'openai-chat'
  return { method: 'GET', wanted: { kind: 'models', format, id: name } }
}

/** A model's name may hold `/`, plain or escaped, but no way out of the path. */
function decode(text: string): string | null {
  try {
    const name = decodeURIComponent(text)
    return name.split('/').includes('..') || hasControl(name) ? null : name
  } catch {
    return null
  }
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x20 || c === 0x7f) return true
  }
  return false
}
