import type { Asked, Said } from './brain.js'
import { checkChat } from './check-chat.js'
import { checkGemini } from './check-gemini.js'
import { checkMessages } from './check-messages.js'
import { checkResponses } from './check-responses.js'
import type { Json } from './refusal.js'
import { sayChat, streamChat } from './say-chat.js'
import { sayGemini, streamGemini } from './say-gemini.js'
import { sayMessages, streamMessages } from './say-messages.js'
import { sayResponses, streamResponses } from './say-responses.js'
import { sse } from './stream.js'

export const VENDORS = ['chat', 'responses', 'messages', 'gemini'] as const
export type VendorName = (typeof VENDORS)[number]

export interface VendorPost {
  readonly vendor: VendorName
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly raw: Buffer
  readonly body: Json
  /** Why it was refused. */
  refused: string | null
}

/** One vendor: its rules, its way of answering, and its way of saying no. */
export interface Vendor {
  /** The credential that it takes, as it stands in its header. */
  readonly key: string
  keyOf(headers: VendorPost['headers']): unknown
  check(post: VendorPost): Asked
  say(said: Said, model: string, body: Json): Json
  stream(said: Said, model: string, body: Json): Iterable<string>
  fault(status: number, message: string, param: string | null): Json
  /** An error that comes within a stream. */
  streamFault(message: string): string
}

/** `google.rpc.Code` by HTTP status. */
const GOOGLE: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}
const ANTHROPIC: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

const openai = {
  keyOf: (headers: VendorPost['headers']) => headers.authorization,
  fault: (status: number, message: string, param: string | null): Json => ({
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param, code: null },
  }),
}

const failed = (message: string): string => sse({ type: 'error', sequence_number: 5, code: 'server_error', message, param: null }, 'error')

export const vendors: Readonly<Record<VendorName, Vendor>> = {
  chat: {
    ...openai,
    key: 'Bearer key-chat',
    check: ({ body }) => checkChat(body),
    say: sayChat,
    stream: streamChat,
    streamFault: (message) => sse(openai.fault(500, message, null)),
  },
  responses: {
    ...openai,
    key: 'Bearer key-responses',
    check: ({ body }) => checkResponses(body),
    say: sayResponses,
    stream: streamResponses,
    streamFault: failed,
  },
  messages: {
    key: 'key-messages',
    keyOf: (headers) => headers['x-api-key'],
    check: ({ body, headers }) => checkMessages(body, headers),
    say: sayMessages,
    stream: streamMessages,
    streamFault: (message) => sse({ type: 'error', error: { type: 'overloaded_error', message } }, 'error'),
    fault: (status, message, param) => ({
      type: 'error',
      error: {
        type: ANTHROPIC[status] ?? 'api_error',
        message,
        ...(param === 'thread' ? { details: { error_code: 'thread_unsupported_request', unsupported: ['workspace'] } } : {}),
      },
      request_id: 'req_1',
    }),
  },
  gemini: {
    key: 'key-gemini',
    keyOf: (headers) => headers['x-goog-api-key'],
    check: ({ body, path }) => checkGemini(body, modelOf(path)),
    say: sayGemini,
    stream: streamGemini,
    streamFault: (message) => sse({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
    fault: (code, message) => ({ error: { code, message, status: GOOGLE[code] ?? 'UNKNOWN' } }),
  },
}

/** Who a path belongs to; embeddings are the chat vendor's. */
export function vendorOf(path: string): VendorName {
  if (path === '/v1/chat/completions' || path === '/v1/embeddings') return 'chat'
  if (path === '/v1/responses') return 'responses'
  return path.startsWith('/v1/messages') ? 'messages' : 'gemini'
}

function modelOf(path: string): string {
  return decodeURIComponent(/^\/v1beta\/models\/(.+):\w+/.exec(path)?.[1] ?? '')
}
