import type { RouterConfig } from '../../../src/config/index.js'
import type { Clock } from '../../../src/kit/index.js'
import { drawNormal, seededRandom } from '../../../src/kit/index.js'
import type { Answer, Dispatch, Flight, UpstreamRequest } from '../../../src/upstream/index.js'

/** Time that only moves when something in the world takes time. */
export interface VirtualClock extends Clock {
  set(ms: number): void
  pass(ms: number): void
}

export function virtualClock(start: number): VirtualClock {
  let now = start
  return {
    now: () => Math.floor(now),
    monotonic: () => now,
    set(ms) {
      now = ms
    },
    pass(ms) {
      now += ms
    },
  }
}

/** What the router is told of a model: its price, and an ability so that policies differ. */
export interface PricedModel {
  readonly id: string
  readonly input: number
  readonly output: number
  readonly quality: number
}

/** What it is not told. */
interface Nature {
  readonly verbosity: number
  /** Relative length by kind of question. */
  readonly byKind: readonly number[]
  /** Tokens a reference token. */
  readonly tokens: number
  readonly ttftMs: number
  readonly tokensPerSecond: number
  /** Probability that a warm prefix is read. */
  readonly hit: number
  readonly ttlMs: number
}

export interface World {
  readonly models: readonly PricedModel[]
  readonly config: RouterConfig
  dispatch(clock: VirtualClock): Dispatch
}

const PRICES: readonly (readonly [name: string, input: number, output: number, quality: number])[] = [
  ['nano', 0.1, 0.4, 0.55],
  ['mini', 0.4, 1.6, 0.72],
  ['mid', 1, 5, 0.85],
  ['pro', 2.5, 12, 0.92],
  ['max', 5, 25, 0.96],
]
const MIN_CACHED = 1024
const CACHE_STEP = 128
const CHARS_PER_TOKEN = 4

/** Models whose verbosity, tokenizer, speed and cache behaviour are drawn from `seed` and hidden from the router. */
export function makeWorld(seed: number): World {
  const random = seededRandom(seed * 7919 + 1)
  const lognormal = (median: number, sd: number): number => median * Math.exp(sd * drawNormal(random))
  const natures = new Map<string, Nature>()
  const models = PRICES.map(([name, input, output, quality]) => {
    natures.set(name, {
      verbosity: lognormal(1, 0.35),
      byKind: Array.from({ length: 16 }, () => lognormal(1, 0.1)),
      tokens: 0.9 + 0.4 * random(),
      ttftMs: lognormal(500, 0.5),
      tokensPerSecond: lognormal(80, 0.5),
      hit: 0.7 + 0.28 * random(),
      ttlMs: 300_000,
    })
    return { id: `world/${name}`, input, output, quality }
  })
  const config: RouterConfig = {
    providers: { world: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' } },
    models: models.map((m) => ({
      id: m.id,
      price: { input: m.input, output: m.output, cacheRead: m.input / 10 },
      contextWindow: 1_000_000,
      quality: m.quality,
      cache: { mode: 'automatic', minTokens: MIN_CACHED, stepTokens: CACHE_STEP, ttl: '5m' },
    })),
    ledger: { bodies: 'none' },
  }
  return { models, config, dispatch: (clock) => serveWorld(natures, seed, clock) }
}

interface Body {
  readonly model: string
  readonly stream?: boolean
  readonly tools?: unknown
  readonly messages: readonly { readonly role: string; readonly content?: string | null; readonly tool_calls?: unknown }[]
}

/** The provider: it answers at once and lets its clock pass the time that the answer would have taken. */
function serveWorld(natures: ReadonlyMap<string, Nature>, seed: number, clock: VirtualClock): Dispatch {
  const warm = new Map<string, number>()
  return (request) => {
    const body = JSON.parse(typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString()) as Body
    const nature = natures.get(body.model)
    if (nature === undefined) throw new Error(`the world has no model ${body.model}`)
    const last = body.messages.at(-1)?.content ?? ''
    const { kind, tokens } = lengthOf(last, seed)
    const own = seededRandom(hash(`${body.model} ${last}`, seed))
    const output = Math.max(1, Math.round(tokens * nature.verbosity * (nature.byKind[kind] ?? 1) * Math.exp(0.15 * drawNormal(own))))
    const prompt = promptTokens(body, nature, warm, clock.now(), own)
    const firstMs = nature.ttftMs * Math.exp(0.25 * drawNormal(own)) + (prompt.total - prompt.cached) / 10
    const eachMs = (1000 / nature.tokensPerSecond) * Math.exp(0.15 * drawNormal(own))
    return play(request, body, { firstMs, totalMs: firstMs + eachMs * output, output, prompt }, clock)
  }
}

/** Kind and intrinsic length (tokens) that a message states of itself, as in `[k3 t120 n17]`. */
function lengthOf(text: string, seed: number): { readonly kind: number; readonly tokens: number } {
  const match = /\[k(\d+) t(\d+) n(\d+)\]/.exec(text)
  const noise = Math.exp(0.4 * drawNormal(seededRandom(hash(match?.[3] ?? text, seed))))
  return { kind: Number(match?.[1] ?? 0), tokens: Math.max(1, Number(match?.[2] ?? 100) * noise) }
}

function promptTokens(body: Body, nature: Nature, warm: Map<string, number>, now: number, random: () => number) {
  let total = 0
  let cached = 0
  let chain = hash(body.model, 1)
  const found = random() < nature.hit
  const texts = [
    JSON.stringify(body.tools ?? ''),
    ...body.messages.map((m) => `${m.role}${m.content ?? ''}${JSON.stringify(m.tool_calls ?? '')}`),
  ]
  const keys: string[] = []
  for (const text of texts) {
    total += (text.length / CHARS_PER_TOKEN) * nature.tokens
    chain = hash(text, chain)
    if (total < MIN_CACHED) continue
    const key = `${chain} ${text.length}`
    if (found && (warm.get(key) ?? 0) > now) cached = Math.floor(total / CACHE_STEP) * CACHE_STEP
    keys.push(key)
  }
  for (const key of keys) warm.set(key, now + nature.ttlMs)
  return { total: Math.round(total), cached: Math.min(cached, Math.round(total)) }
}

interface Played {
  readonly firstMs: number
  readonly totalMs: number
  readonly output: number
  readonly prompt: { readonly total: number; readonly cached: number }
}

function play(_request: UpstreamRequest, body: Body, { firstMs, totalMs, output, prompt }: Played, clock: VirtualClock): Flight {
  const times: Flight['times'] = { sent: clock.monotonic(), firstByte: null }
  const content = 'word '.repeat(Math.ceil((output * CHARS_PER_TOKEN) / 5))
  const usage = {
    prompt_tokens: prompt.total,
    completion_tokens: output,
    total_tokens: prompt.total + output,
    prompt_tokens_details: { cached_tokens: prompt.cached },
  }
  const head = { id: 'chatcmpl-w', model: body.model, created: Math.floor(clock.now() / 1000) }
  const chunk = (extra: object): string => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...extra })}\n\n`
  const choice = (delta: object, finish_reason: string | null) => ({ choices: [{ index: 0, delta, finish_reason }] })
  const streamed = body.stream === true
  const text = streamed
    ? `${chunk(choice({ role: 'assistant', content }, null))}${chunk(choice({}, 'stop'))}${chunk({ choices: [], usage })}data: [DONE]\n\n`
    : JSON.stringify({
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage,
      })
  const waited = streamed ? firstMs : totalMs
  clock.pass(waited)
  times.firstByte = clock.monotonic()
  const answer: Answer = {
    status: 200,
    headers: { 'content-type': streamed ? 'text/event-stream' : 'application/json' },
    consume(sink) {
      clock.pass(totalMs - waited)
      sink(Buffer.from(text))
      return Promise.resolve()
    },
    resume() {},
  }
  return { answer: Promise.resolve(answer), times, cancel() {} }
}

function hash(text: string, seed: number): number {
  let h = seed | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h ^= h >>> 15
  return Math.imul(h, 0x85ebca6b) >>> 0
}
