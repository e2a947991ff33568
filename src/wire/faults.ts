import { Fault, type FaultCode } from '../kit/index.js'

/** What every format's faults have in common: codes by status, and the retry headers in both directions. */

const CODES: Readonly<Record<number, FaultCode>> = {
  400: 'E_BAD_REQUEST',
  401: 'E_AUTH',
  402: 'E_BUDGET',
  403: 'E_FORBIDDEN',
  404: 'E_NOT_FOUND',
  408: 'E_TIMEOUT',
  409: 'E_CONFLICT',
  413: 'E_TOO_LARGE',
  415: 'E_MEDIA_TYPE',
  422: 'E_UNPROCESSABLE',
  429: 'E_RATE_LIMIT',
  // Groq's flex service is full (console.groq.com/docs/flex-processing).
  498: 'E_RATE_LIMIT',
  503: 'E_UNAVAILABLE',
  504: 'E_UPSTREAM_TIMEOUT',
  529: 'E_OVERLOADED',
}

/** The code of an upstream's HTTP status. */
function codeOfStatus(status: number): FaultCode {
  return CODES[status] ?? (status >= 400 && status < 500 ? 'E_BAD_REQUEST' : 'E_UPSTREAM')
}

/** True when the same request would fail again, whoever repeats it. */
function isFinalStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 409 && codeOfStatus(status) !== 'E_RATE_LIMIT'
}

/** Lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>

/** Longest wait that is believed, milliseconds: monthly quotas have the longest. */
const MOST_MS = 31 * 86_400_000

/** Milliseconds to wait, from `retry-after-ms` or `retry-after` (seconds, or a date read against the answer's own `date`). */
export function retryAfterMs(headers: Headers): number | undefined {
  const inMs = Number.parseFloat(headers['retry-after-ms'] ?? '')
  const after = headers['retry-after'] ?? ''
  const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(after)
  const said = isSeconds ? Number.parseFloat(after) * 1000 : Date.parse(after) - Date.parse(headers.date ?? '')
  const wait = Math.ceil(inMs >= 0 ? inMs : said)
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, MOST_MS) : undefined
}

/** Headers that tell a client whether and when to retry. */
export function retryHeaders(fault: Fault): Record<string, string> {
  const headers: Record<string, string> = {}
  if (fault.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(fault.retryAfterMs / 1000))
  if (fault.final) headers['x-should-retry'] = 'false'
  return headers
}

/** Message and hint as the one text that wire formats have room for. */
export function faultText(fault: Fault): string {
  return fault.hint === undefined ? fault.message : `${fault.message.replace(/[.\s]*$/, '')}. ${fault.hint}`
}

/** The content of an error answer, as far as its format shows: the HTTP status, the provider's own name for the error, its text. */
interface SaidFault {
  readonly status: number
  readonly type: string | undefined
  readonly message: unknown
}

interface FaultMeaning {
  readonly code: FaultCode
  /** The status that other providers use for it. */
  readonly status: number
  readonly type: string
}

/** The name of a prompt that is longer than the model's context window: OpenAI's, which Codex knows what to do about. */
export const TOO_LONG = 'context_length_exceeded'

/** The name of a request for what this model, or its server as it was started, cannot do: another may. */
export const LACKS = 'unsupported_by_model'

/**
 * Errors whose status means something else at most other providers. A wrong key, an empty account or a model that is not served
 * here is no fault of the request, though some providers say so with 400 or 429: another provider can still serve it. A row
 * is tried against `type: message`; the first that fits holds.
 */
const MEANINGS: readonly (readonly [statuses: readonly number[], says: RegExp, meaning: FaultMeaning])[] = [
  // vLLM, of a limit on the answer beyond its window: a shorter conversation would not help, another model may.
  [[400], /tokens' is too large: \d+\. this model's maximum context length/i, { code: 'E_BAD_REQUEST', status: 400, type: LACKS }],
  // Words as collected in github.com/earendil-works/pi, packages/ai/src/utils/overflow.ts, each vendor's own: Anthropic, OpenAI, Google,
  // xAI, Groq, OpenRouter and vLLM, llama.cpp, LM Studio, MiniMax, Moonshot, Mistral, Ollama; Groq's 413 for a prompt beyond a minute's tokens.
  [
    // 502 is what an error in a stream counts as that names no status (LM Studio).
    [400, 413, 422, 500, 502],
    /context_length_exceeded|prompt (?:is )?too long|exceeds the context window|input token count.*exceeds the maximum|maximum prompt length is \d|reduce the length of the (?:messages|input)|maximum context length (?:is|of) \d|exceeds? (?:the )?(?:available|max(?:imum)?) context (?:size|length)|exceed_context_size_error|greater than the context length|context window exceeds limit|exceeded model token limit|too large for model with \d+ maximum context|^rate_limit_exceeded: request too large for model/i,
    { code: 'E_BAD_REQUEST', status: 400, type: TOO_LONG },
  ],
  // OpenAI, Moonshot (platform.kimi.ai/docs/api/errors), MiniMax (github.com/modelscope/modelscope/issues/1691), Z.ai (docs.z.ai/api-reference/api-code: 1113),
  // Anthropic ("Your credit balance is too low", "You have reached your specified API usage limits", a 400), DashScope (Arrearage, a 400), xAI (403), Fireworks (412).
  [
    [400, 402, 403, 412, 429, 500],
    /insufficient_quota|exceeded_current_quota_error|billing_hard_limit_reached|insufficient[ _]balance|^1113:|credit balance is too low|reached your specified api usage limits|^arrearage|(?:have|has) any credits|account .*is suspended/i,
    { code: 'E_BUDGET', status: 402, type: 'insufficient_quota' },
  ],
  // Google (reason API_KEY_INVALID) and xAI answer a wrong key with 400.
  [[400], /API_KEY_INVALID|api key not valid|incorrect(?: |%20)api(?: |%20)key/i, { code: 'E_AUTH', status: 401, type: 'invalid_api_key' }],
  // ai.google.dev/gemini-api/docs/available-regions
  [[400], /user location is not supported/i, { code: 'E_FORBIDDEN', status: 403, type: 'unsupported_country' }],
  // Ollama, vLLM without a parser for tool calls, OpenRouter (a 404): of tools.
  [
    [400, 404],
    /does not support tools|"auto" tool choice requires --enable-auto-tool-choice|no endpoints found that support tool use/i,
    { code: 'E_BAD_REQUEST', status: 400, type: LACKS },
  ],
  // Chat templates of open models, of a conversation's roles: Gemma, Mistral, Llama 2 and Qwen at vLLM, llama.cpp and LM Studio
  // (github.com/google/adk-python/issues/1373, microsoft/autogen/issues/1037, ollama/ollama/issues/17774).
  [
    [400, 500],
    /roles must alternate|system role not supported|only (?:user|system)\b.* roles are supported|system message must be at the beginning/i,
    { code: 'E_BAD_REQUEST', status: 400, type: LACKS },
  ],
  // DeepSeek ("Model Not Exist"), OpenRouter, Mistral ("Invalid model"), Groq (model_decommissioned), Z.ai (1211), LiteLLM: a 400.
  [
    [400, 404, 422],
    /model_not_found|model_decommissioned|model not exist|is not a valid model id|invalid model name passed in model|^(?:1500|invalid_model): invalid model|^1211:/i,
    { code: 'E_UNKNOWN_MODEL', status: 404, type: 'model_not_found' },
  ],
  // The model's own mistake, for which Groq blames the request (github.com/sipeed/picoclaw/issues/748).
  [[400], /^(?:tool_use_failed|json_validate_failed|output_parse_failed):/, { code: 'E_UPSTREAM', status: 502, type: 'failed_generation' }],
]

/** The fault of an error answer: by its meaning where its status misleads, and then under that meaning's own type. */
export function faultOf(
  { status: said, type, message: words }: SaidFault,
  { upstreamType, ...rest }: Partial<Pick<Fault, 'upstreamType' | 'retryAfterMs' | 'param'>>,
): Fault {
  const message = typeof words === 'string' ? words : `The provider answered with status ${said}.`
  const text = `${type ?? ''}: ${message}`
  const meaning = MEANINGS.find(([statuses, says]) => statuses.includes(said) && says.test(text))?.[2]
  const status = meaning?.status ?? said
  const code = meaning?.code ?? codeOfStatus(status)
  return new Fault(code, message, { ...rest, status, final: isFinalStatus(status), upstreamType: meaning?.type ?? upstreamType })
}
