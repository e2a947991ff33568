import { NO_USAGE, type Usage } from '../../canonical/index.js'
import type { ModelRev } from '../../catalog/types.js'
import { type Clock, Fault, hashText, seededRandom, systemClock } from '../../kit/index.js'
import type { ReplyContext } from '../../wire/index.js'
import type { Answer, Dispatch, Flight, Headers, Sink, UpstreamRequest } from '../exchange.js'
import { type PlannedAnswer, planAnswer } from './plan-answer.js'
import { createPromptCache, type PromptCache } from './prompt-cache.js'
import { countTokens } from './prose.js'
import { readPrompt } from './read-prompt.js'
import { writeJson, writePieces } from './write-answer.js'

interface SandboxOptions {
  readonly models: readonly ModelRev[]
  readonly seed?: number
  /** Share of attempts that fail with 503, to try failover. */
  readonly errorRate?: number
  readonly clock?: Clock
}

/** Choices of one answer. */
const MOST_CHOICES = 16
/** How often a stream sends what is due. */
const TICK_MS = 8
const ENCODER = new TextEncoder()
const HEADERS: Headers = { 'x-llmroute-simulated': 'true' }

/** Simulated models behind the same interface as real ones: openai-chat wire format, JSON and SSE, at each model's declared speed. */
export function createSandbox({ models, seed = 1, errorRate = 0, clock = systemClock }: SandboxOptions): Dispatch {
  const byName = new Map(models.map((rev) => [rev.name, rev]))
  const cache = createPromptCache()
  const random = seededRandom(seed)
  return (request) => {
    const failing = errorRate > 0 && random() < errorRate
    return play(failing ? refuse(503, 'the sandbox fails on purpose (sandbox.errorRate)') : writeScriptFor(request), clock)
  }

  function writeScriptFor(request: UpstreamRequest): Script {
    if (request.path.endsWith('/embeddings')) return embed(request, byName)
    try {
      return writeScript(request, byName, cache, seed, clock.now())
    } catch (error) {
      if (error instanceof Fault && error.code === 'E_BAD_REQUEST') return refuse(400, error.message)
      throw error
    }
  }
}

interface Script {
  readonly status: number
  readonly type: string
  readonly pieces: readonly string[]
  /** Milliseconds to the first piece, and between pieces. */
  readonly firstMs: number
  readonly eachMs: number
}

function play(script: Script, clock: Clock): Flight {
  const times: Flight['times'] = { sent: clock.monotonic(), firstByte: null }
  let timer: NodeJS.Timeout | null = null
  let failure: Fault | null = null
  let rejectAnswer: (fault: Fault) => void = () => {}
  let rejectBody: ((fault: Fault) => void) | null = null
  let wake: () => void = () => {}

  const consume = (sink: Sink): Promise<void> =>
    new Promise((resolve, reject) => {
      rejectBody = reject
      if (failure !== null) return reject(failure)
      const start = clock.monotonic()
      let next = 0
      const step = (): void => {
        const due =
          script.eachMs === 0
            ? script.pieces.length
            : Math.min(script.pieces.length, 1 + Math.floor((clock.monotonic() - start) / script.eachMs))
        const text = script.pieces.slice(next, due).join('')
        next = Math.max(next, due)
        const go = text === '' || sink(ENCODER.encode(text))
        if (next >= script.pieces.length) resolve()
        else if (go) timer = setTimeout(step, TICK_MS)
        else wake = step
      }
      step()
    })
  const answer = new Promise<Answer>((resolve, reject) => {
    rejectAnswer = reject
    timer = setTimeout(() => {
      times.firstByte = clock.monotonic()
      resolve({ status: script.status, headers: { ...HEADERS, 'content-type': script.type }, consume, resume: () => wake() })
    }, script.firstMs)
  })
  return {
    answer,
    times,
    cancel(fault) {
      if (timer !== null) clearTimeout(timer)
      failure = fault
      rejectAnswer(fault)
      rejectBody?.(fault)
    },
  }
}

function writeScript(
  request: UpstreamRequest,
  models: ReadonlyMap<string, ModelRev>,
  cache: PromptCache,
  seed: number,
  nowMs: number,
): Script {
  const prompt = readPrompt(parse(request.body))
  const { model, stream, streamUsage = false, sampling } = prompt.request
  const rev = models.get(model)
  if (rev === undefined) return refuse(404, `the sandbox has no model "${model}"`)
  const { tokens: total, cached } = cache.read(model, prompt.texts, rev.cache, nowMs)
  const choices = Math.max(1, Math.min(MOST_CHOICES, sampling.n ?? 1))
  const answers = Array.from({ length: choices }, (_, choice): PlannedAnswer => planAnswer(rev, prompt, seed, choice))
  const output = answers.reduce((sum, a) => sum + a.outputTokens, 0)
  const reasoning = answers.reduce((sum, a) => sum + a.reasoningTokens, 0)
  const usage: Usage = { ...NO_USAGE, input: total - cached, cacheRead: cached, output, reasoning }
  const id = `chatcmpl-sim${hashText(`${nowMs} ${prompt.texts.join('\n')}`, seed).toString(36)}`
  const context: ReplyContext = { id, model, created: Math.floor(nowMs / 1000), streamUsage, request: prompt.request }
  const reasoningMs = (reasoning * 1000) / rev.speed.tokensPerSecond
  const writingMs = (output * 1000) / rev.speed.tokensPerSecond - reasoningMs
  const firstMs = rev.speed.ttftMs + reasoningMs
  if (!stream)
    return { status: 200, type: 'application/json', pieces: [writeJson(context, answers, usage)], firstMs: firstMs + writingMs, eachMs: 0 }
  const pieces = writePieces(context, answers, usage)
  return { status: 200, type: 'text/event-stream', pieces, firstMs, eachMs: writingMs / pieces.length }
}

function parse(body: string | Uint8Array): unknown {
  return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'))
}

function refuse(status: number, message: string): Script {
  const body = JSON.stringify({
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param: null, code: null },
  })
  return { status, type: 'application/json', pieces: [body], firstMs: 0, eachMs: 0 }
}

const DIMENSIONS = 64

/** `String()` fails for an object whose `toString` a client has put there. */
function asText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? null)
}

function embed(request: UpstreamRequest, models: ReadonlyMap<string, ModelRev>): Script {
  const body = parse(request.body) as {
    readonly model?: unknown
    readonly input?: unknown
    readonly encoding_format?: unknown
  }
  const rev = models.get(String(body.model))
  if (rev === undefined) return refuse(404, `the sandbox has no model "${String(body.model)}"`)
  const inputs = (Array.isArray(body.input) ? body.input : [body.input]).map(asText)
  const data = inputs.map((text, index) => {
    const vector = Float32Array.from({ length: DIMENSIONS }, (_, i) => (hashText(text, i + 1) / 2 ** 32 - 0.5) / 4)
    const base64 = body.encoding_format === 'base64'
    return { object: 'embedding', index, embedding: base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector] }
  })
  const tokens = inputs.reduce((sum, text) => sum + countTokens(text), 0)
  const piece = JSON.stringify({ object: 'list', data, model: rev.name, usage: { prompt_tokens: tokens, total_tokens: tokens } })
  return { status: 200, type: 'application/json', pieces: [piece], firstMs: rev.speed.ttftMs, eachMs: 0 }
}
