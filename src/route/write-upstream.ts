import type { Loss, Request, WireFormat } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { PROMPT_MARGIN, type ResolvedPolicy } from '../policy/index.js'
import type { UpstreamRequest } from '../upstream/index.js'
import { type Codec, codecFor, type Renamed, type Splice, spliceBody, type Target, tellSchema } from '../wire/index.js'
import type { Inbound } from './exchange.js'
import type { ReadCall } from './read-call.js'
import type { PoolModel } from './setup.js'

/** The request of one attempt, with its differences from the client's. */
export interface WrittenRequest {
  readonly request: UpstreamRequest
  /** The codec of the provider's side. */
  readonly codec: Codec
  /** Same format on both sides: the answer's bytes may go back as they come. */
  readonly relayed: boolean
  readonly splices: readonly Splice[]
  readonly losses: readonly Loss[]
  /** Tool names as sent to the provider, each with the client's own. */
  readonly names: Renamed
  /** It asks for the provider's fast mode. */
  readonly fast: boolean
}

/** Headers of the client that mean something to the provider when both speak the same format. */
const FORWARDED = [
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-openai-internal-codex-responses-lite',
  'session-id',
  'conversation_id',
  'originator',
] as const

/** What a chat template may add to a prompt, tokens. */
const TEMPLATE_TOKENS = 256

/** Tokens of an answer below which it is not worth asking for one. */
const LEAST_ROOM = 256

const CREDENTIALS = ['authorization', 'x-api-key', 'x-goog-api-key'] as const

interface WriteOptions {
  readonly clampOutput: number | null
  /** Estimated tokens of the prompt, in the tokenizer of OpenAI's models; absent where a line of a batch is written. */
  readonly inputTokens?: number
  /** Signed reasoning in the history was made by this very model, unless `signedHere` knows better. */
  readonly keepsReasoning: boolean
  readonly signedHere: ReadonlyMap<string, boolean>
  readonly timeouts: ResolvedPolicy['timeouts']
}

export function writeUpstream(call: ReadCall, model: PoolModel, options: WriteOptions): WrittenRequest {
  const { rev, access } = model
  const { inbound, request, body } = call
  const told = tellSchema(request, rev.accepts)
  const relayed = told === null && takes(rev, request, inbound.format) && (call.codec.relayable?.(body) ?? true)
  const codec = relayed ? call.codec : codecFor(wireFor(request, rev))
  const { keepsReasoning, signedHere, clampOutput } = options
  const limited = request.maxOutputTokens !== undefined || clampOutput !== null
  const accepts = limited ? acceptsWithin(rev, options.inputTokens) : rev.accepts
  const target: Target = { name: rev.name, accepts, keepsReasoning, signedHere, clampOutput }
  let sent: string | Uint8Array
  let fields = body
  let splices: readonly Splice[] = []
  let losses: readonly Loss[] = []
  let names: Renamed = new Map()
  if (relayed) {
    splices = [...codec.relaySplices(body, target), ...tierSplices(rev, request)]
    sent = spliceBody(inbound.body, body, splices)
  } else {
    const asked = told?.request ?? request
    const written = codec.writeRequest(asked.serviceTier === 'flex' ? withoutServiceTier(asked) : asked, target)
    fields = written.body
    sent = JSON.stringify(rev.tier === 'flex' ? { ...written.body, service_tier: 'flex' } : written.body)
    losses = told === null ? written.losses : [...written.losses, told.loss]
    names = written.names ?? names
  }
  const upstream: UpstreamRequest = {
    baseURL: access.baseURL,
    path: codec.endpoint(rev.name, request.stream),
    headers: writeHeaders(call, model, codec, relayed),
    body: sent,
    timeouts: options.timeouts,
  }
  const fast = asksFast(fields) && !splices.some((s) => s.kind === 'drop' && s.field === 'speed')
  return { request: upstream, codec, relayed, splices: splices.filter((s) => s.kind !== 'model'), losses, names, fast }
}

/** Whether a client asks for the fast mode of Anthropic or OpenAI, which no other vendor is told of. */
function asksFast({ speed, service_tier: tier }: ReadCall['body']): boolean {
  return speed === 'fast' || tier === 'fast' || tier === 'priority'
}

/**
 * Servers of open models refuse a limit on the answer that the window has no room for beside the prompt, as agents set it for larger models:
 * "'max_tokens' … is too large: 32000. This model's maximum context length is 32768 tokens" (github.com/farion1231/cc-switch/issues/1022).
 */
function acceptsWithin({ accepts, contextWindow, tokenizerRatio, wire }: ModelRev, inputTokens: number | undefined): ModelRev['accepts'] {
  if (inputTokens === undefined || contextWindow === null || wire !== 'openai-chat') return accepts
  const prompt = inputTokens * tokenizerRatio
  // Of a nearly full window the margin would leave next to nothing, and an answer cut off there is worse than a refusal.
  const room = Math.floor(Math.max(contextWindow - prompt * PROMPT_MARGIN, (contextWindow - prompt) / 2)) - TEMPLATE_TOKENS
  // With less the prompt is too long itself, and the provider's own message says so best.
  if (room < LEAST_ROOM || (accepts.maxOutput !== null && room >= accepts.maxOutput)) return accepts
  return { ...accepts, maxOutput: room }
}

/** Whether the model takes the request in the client's own format. Reasoning in a chat's history came from Responses, and goes back there. */
function takes({ wire, wires, accepts }: ModelRev, { tools, messages }: Request, format: WireFormat): boolean {
  if (!(wires ?? [wire]).includes(format)) return false
  // As functions, whose calls become calls of such tools again on the way back.
  if (!accepts.needs.includes('grammar-tools') && tools.some(({ type }) => type === 'grammar')) return false
  if (format !== 'openai-chat' || !accepts.refuses.includes('tools_in_chat')) return true
  return tools.length === 0 && !messages.some(({ parts }) => parts.some((part) => part.type === 'reasoning'))
}

/** A model with two formats is addressed in the one that can express the request: only Responses hosts a search. */
function wireFor(request: Request, { wire, wires }: PoolModel['rev']): WireFormat {
  const searches = request.tools.some((tool) => tool.type === 'hosted' && tool.search !== undefined)
  return searches && wires?.includes('openai-responses') ? 'openai-responses' : wire
}

/** llmroute names the service tier to the provider, because the decision accounts for its price. */
function tierSplices({ tier }: ModelRev, { serviceTier }: Request): readonly Splice[] {
  const field = 'service_tier'
  if (tier === 'flex') return serviceTier === 'flex' ? [] : [{ kind: 'set', field, value: 'flex', why: 'the call may wait' }]
  return serviceTier === 'flex' ? [{ kind: 'drop', field, why: 'this service of the model was not chosen' }] : []
}

function withoutServiceTier({ serviceTier: _, ...request }: Request): Request {
  return request
}

export function writeHeaders(
  { inbound, request }: { readonly inbound: Pick<Inbound, 'headers'>; readonly request: Pick<Request, 'stream'> },
  { access, rev }: PoolModel,
  codec: Codec,
  relayed: boolean,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: request.stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'llmroute',
  }
  if (relayed) copy(inbound.headers, FORWARDED, headers)
  if (access.auth === 'passthrough') {
    // No fault of the model's, which other clients may still use: so not E_AUTH.
    if (!relayed)
      throw new Fault('E_FORBIDDEN', `${access.id} takes the client's own credential, which is sent in its own format only`, {
        hint: 'Call it in that format, or give the provider a key.',
        final: true,
      })
    if (CREDENTIALS.every((name) => inbound.headers[name] === undefined))
      throw new Fault('E_FORBIDDEN', `${access.id} takes the client's own credential, and none came`, {
        hint: 'Send it, or give the provider a key.',
        status: 401,
        final: true,
      })
    copy(inbound.headers, CREDENTIALS, headers)
  } else {
    const key = access.credential()
    if (key !== null) Object.assign(headers, codec.authHeaders(key))
    else if (access.auth === 'key') {
      const hint = `Set the key of ${rev.provider} in the environment.`
      throw new Fault('E_AUTH', `there is no key for ${access.id}`, { hint, final: true })
    }
  }
  return Object.assign(headers, access.headers)
}

function copy(from: Readonly<Record<string, string | undefined>>, names: readonly string[], to: Record<string, string>): void {
  for (const name of names) {
    const value = from[name]
    if (value !== undefined) to[name] = value
  }
}
