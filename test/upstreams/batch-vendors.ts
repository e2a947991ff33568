import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  anthropicReply,
  anthropicResult,
  type Fate,
  geminiReply,
  geminiResult,
  hash,
  type Item,
  type Json,
  openaiReply,
  openaiResult,
  promptOf,
} from './batch-answers.js'

export { TOKENS } from './batch-answers.js'

/** Beside the body of an answer that is an error. */
const STATUS = Symbol('status')

export interface BatchVendorOptions {
  /** From the creation of a batch to its end. */
  readonly delayMs?: number | ((nth: number) => number)
  /** Before a batch's creation is answered, when it is already made. */
  readonly answerDelayMs?: number
  readonly fate?: (prompt: string) => Fate
  /** Whether the nth batch expires half done; at Gemini all of it is lost then. */
  readonly expires?: (nth: number) => boolean
  /** Whether a request is answered with 401. */
  readonly refuses?: (headers: IncomingHttpHeaders) => boolean
  /** Before a live call is answered. */
  readonly liveDelayMs?: number
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** The status that a live call gets; `nth` counts the calls of the same prompt, from 1. */
  readonly liveStatus?: (prompt: string, nth: number) => 200 | 429 | 503
}

export interface BatchVendors {
  readonly url: string
  /** Prompts answered through a batch, in order, and those answered live. */
  readonly batched: { readonly id: string; readonly prompt: string; readonly model: string }[]
  /** Live calls as they come in, whatever is made of them. */
  readonly live: { readonly prompt: string; readonly model: string; readonly tier: unknown }[]
  /** What has been charged for: items of batches that were given out as done, and live calls answered, as `model@batch`, `model@flex` and `model`. */
  sold(): readonly Sale[]
  /** Live calls that are not answered yet. */
  readonly asking: number
  readonly batches: number
  close(): Promise<void>
}

export interface Sale {
  readonly prompt: string
  readonly service: string
}

interface Batch {
  readonly id: string
  readonly vendor: 'openai' | 'anthropic' | 'gemini'
  readonly items: readonly Item[]
  readonly name: unknown
  readonly createdAt: number
  readonly readyAt: number
  readonly expires: boolean
  cancelled: boolean
}

/** One server that speaks OpenAI's files and batches, Anthropic's message batches and Gemini's batch mode, and answers live calls of each. */
export async function startBatchVendors(options: BatchVendorOptions = {}): Promise<BatchVendors> {
  const { delayMs = 50, answerDelayMs = 0, fate = () => 'ok' as const, liveDelayMs = 0 } = options
  const files = new Map<string, string>()
  const batches = new Map<string, Batch>()
  const batched: BatchVendors['batched'] = []
  const live: BatchVendors['live'] = []
  const soldLive: Sale[] = []
  let count = 0
  let asking = 0

  const make = (vendor: Batch['vendor'], items: readonly Item[], name: unknown): Batch => {
    const id = vendor === 'gemini' ? `batches/b${++count}` : vendor === 'openai' ? `batch_${++count}` : `msgbatch_${++count}`
    const now = Date.now()
    const readyAt = now + (typeof delayMs === 'number' ? delayMs : delayMs(count))
    const expires = options.expires?.(count) ?? false
    const batch = { id, vendor, items, name, createdAt: now, readyAt, expires, cancelled: false }
    batches.set(id, batch)
    for (const item of items) {
      batched.push({ id: item.id, prompt: promptOf(item.body), model: item.model })
    }
    return batch
  }
  const isOver = (batch: Batch): boolean => batch.cancelled || Date.now() >= batch.readyAt
  const fateOf = (batch: Batch, item: Item): Fate => {
    const isLate = batch.expires && (batch.vendor === 'gemini' || hash(item.id) % 2 === 0)
    return batch.cancelled || isLate ? 'expired' : fate(promptOf(item.body))
  }
  /** Results come in another order than the requests. */
  const shuffled = (batch: Batch): readonly Item[] => [...batch.items].sort((a, b) => hash(a.id) - hash(b.id))

  const openai = (batch: Batch): Json => {
    const over = isOver(batch)
    if (over && !files.has(`out-${batch.id}`)) {
      const lines = (want: boolean): string =>
        shuffled(batch)
          .filter((item) => (fateOf(batch, item) === 'ok') === want)
          .map((item) => `${JSON.stringify(openaiResult(item, fateOf(batch, item)))}\n`)
          .join('')
      files.set(`out-${batch.id}`, lines(true))
      files.set(`err-${batch.id}`, lines(false))
    }
    return {
      ...{ id: batch.id, object: 'batch', endpoint: '/v1/chat/completions', input_file_id: 'x', completion_window: '24h' },
      status: over ? (batch.cancelled ? 'cancelled' : batch.expires ? 'expired' : 'completed') : 'in_progress',
      ...(over ? { output_file_id: `out-${batch.id}`, error_file_id: `err-${batch.id}` } : {}),
      ...{ created_at: Math.floor(batch.createdAt / 1000), metadata: batch.name },
    }
  }
  const anthropic = (batch: Batch): Json => {
    const over = isOver(batch)
    const counts = {
      processing: over ? 0 : batch.items.length,
      succeeded: over ? batch.items.length : 0,
      errored: 0,
      canceled: 0,
      expired: 0,
    }
    return {
      ...{ id: batch.id, type: 'message_batch', processing_status: over ? 'ended' : 'in_progress', request_counts: counts },
      ...{ created_at: new Date(batch.createdAt).toISOString(), results_url: over ? `/v1/messages/batches/${batch.id}/results` : null },
    }
  }
  const gemini = (batch: Batch): Json => {
    const over = isOver(batch)
    const metadata = {
      displayName: batch.name,
      state: over ? (batch.expires ? 'BATCH_STATE_EXPIRED' : 'BATCH_STATE_SUCCEEDED') : 'BATCH_STATE_RUNNING',
    }
    const inlinedResponses = shuffled(batch).map((item) => geminiResult(item, fateOf(batch, item)))
    return {
      name: batch.id,
      metadata,
      done: over,
      ...(over && !batch.expires ? { response: { inlinedResponses: { inlinedResponses } } } : {}),
    }
  }

  async function answer(method: string, path: string, text: string): Promise<Json | string | null> {
    const json = (): Json => JSON.parse(text) as Json
    const match = (pattern: RegExp): RegExpExecArray | null => pattern.exec(path)
    if (path === '/v1/files') {
      const id = `file-${files.size + 1}`
      files.set(id, text.slice(text.indexOf('\r\n\r\n', text.indexOf('name="file"')) + 4, text.lastIndexOf('\r\n--')))
      return { id, object: 'file' }
    }
    const file = match(/^\/v1\/files\/([^/]+)\/content$/)
    if (file !== null) return files.get(file[1]!) ?? null
    if (path.startsWith('/v1/batches') && method === 'POST' && !path.endsWith('/cancel')) {
      const { input_file_id, metadata } = json()
      const lines = (files.get(String(input_file_id)) ?? '').split('\n').filter(Boolean)
      const items = lines.map((line) => JSON.parse(line) as { custom_id: string; body: Json })
      const batch = make(
        'openai',
        items.map(({ custom_id: id, body }) => ({ id, body, model: String(body.model) })),
        metadata,
      )
      await pause(answerDelayMs)
      return openai(batch)
    }
    if (/^\/v1\/batches\?/.test(path)) return { data: all('openai').map(openai) }
    const ofOpenai = match(/^\/v1\/batches\/(\w+)(\/cancel)?$/)
    if (ofOpenai !== null) return act(ofOpenai[1]!, ofOpenai[2] !== undefined, openai)
    if (path === '/v1/messages/batches' && method === 'POST') {
      const requests = json().requests as { custom_id: string; params: Json }[]
      const items = requests.map(({ custom_id: id, params: body }) => ({ id, body, model: String(body.model) }))
      const batch = make('anthropic', items, null)
      await pause(answerDelayMs)
      return anthropic(batch)
    }
    if (/^\/v1\/messages\/batches\?/.test(path)) return { data: all('anthropic').map(anthropic) }
    const results = match(/^\/v1\/messages\/batches\/(\w+)\/results$/)
    if (results !== null) {
      const batch = batches.get(results[1]!)!
      return shuffled(batch)
        .map((item) => `${JSON.stringify(anthropicResult(item, fateOf(batch, item)))}\n`)
        .join('')
    }
    const ofAnthropic = match(/^\/v1\/messages\/batches\/(\w+)(\/cancel)?$/)
    if (ofAnthropic !== null) return act(ofAnthropic[1]!, ofAnthropic[2] !== undefined, anthropic)
    const creates = match(/^\/v1beta\/models\/(.+):batchGenerateContent$/)
    if (creates !== null) {
      const { batch } = json() as {
        batch: { displayName: string; inputConfig: { requests: { requests: { request: Json; metadata: { key: string } }[] } } }
      }
      const items = batch.inputConfig.requests.requests.map(({ request: body, metadata }) => ({
        id: metadata.key,
        body,
        model: creates[1]!,
      }))
      const made = make('gemini', items, batch.displayName)
      await pause(answerDelayMs)
      return gemini(made)
    }
    if (/^\/v1beta\/batches\?/.test(path)) return { operations: all('gemini').map(gemini) }
    const ofGemini = match(/^\/v1beta\/(batches\/\w+)(:cancel)?$/)
    if (ofGemini !== null) return act(ofGemini[1]!, ofGemini[2] !== undefined, gemini)
    if (!/(\/chat\/completions|\/v1\/messages|:generateContent)$/.test(path)) return null
    const urlModel = /^\/v1beta\/models\/(.+):generateContent$/.exec(path)?.[1]
    const body = json()
    const prompt = promptOf(body)
    const model = urlModel ?? String(body.model)
    live.push({ prompt, model, tier: body.service_tier ?? null })
    const status = options.liveStatus?.(prompt, live.filter((call) => call.prompt === prompt).length) ?? 200
    asking++
    await pause(liveDelayMs)
    asking--
    if (status !== 200) return { [STATUS]: status, error: { message: 'try again later', type: 'server_error', code: null } }
    soldLive.push({ prompt, service: body.service_tier === 'flex' ? `${model}@flex` : model })
    const item = { id: '', body, model }
    return urlModel !== undefined ? geminiReply(item) : path === '/v1/messages' ? anthropicReply(item) : openaiReply(item)
  }
  const all = (vendor: Batch['vendor']): Batch[] => [...batches.values()].filter((b) => b.vendor === vendor).reverse()
  function act(id: string, cancels: boolean, show: (batch: Batch) => Json): Json | null {
    const batch = batches.get(id)
    if (batch === undefined) return null
    if (cancels && !isOver(batch)) batch.cancelled = true
    return show(batch)
  }

  const server = createServer((req, res) => {
    void (async () => {
      const body = await readAll(req)
      const quoted = {
        error: { message: `no key is ${req.headers.authorization}`, type: 'invalid_request_error', code: 'invalid_api_key' },
      }
      const value = options.refuses?.(req.headers) ? { [STATUS]: 401, ...quoted } : await answer(req.method ?? '', req.url ?? '', body)
      const status = value === null ? 404 : typeof value === 'object' && STATUS in value ? Number(value[STATUS]) : 200
      const wait = status === 429 ? { 'retry-after': '1' } : {}
      res.writeHead(status, { 'content-type': 'application/json', ...wait, ...options.headers })
      res.end(value === null ? '{"error":{"message":"not found"}}' : typeof value === 'string' ? value : JSON.stringify(value))
    })().catch((error: unknown) => res.writeHead(500).end(JSON.stringify({ error: { message: String(error) } })))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batched,
    live,
    sold: () => {
      const inBatches = [...batches.values()].flatMap((batch) =>
        batch.items
          .filter((item) => fateOf(batch, item) === 'ok')
          .map(({ body, model }) => ({ prompt: promptOf(body), service: `${model}@batch` })),
      )
      return [...inBatches, ...soldLive]
    },
    get asking() {
      return asking
    },
    get batches() {
      return batches.size
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A pool of four models at three vendors, all at that server. */
export function batchConfig(url: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const price = (input: number, output: number) => ({ price: { input, output }, batchPrice: { input: input / 2, output: output / 2 } })
  return {
    providers: {
      openai: { baseURL: `${url}/v1`, apiKey: 'sk-test' },
      anthropic: { baseURL: url, apiKey: 'sk-test' },
      google: { baseURL: url, apiKey: 'sk-test' },
    },
    models: [
      { id: 'openai/gpt-5-mini', ...price(0.25, 2) },
      { id: 'openai/gpt-5', ...price(1.25, 10) },
      { id: 'anthropic/claude-haiku-4.5', ...price(1, 5) },
      { id: 'google/gemini-2.5-flash', ...price(0.3, 2.5) },
    ],
    batch: { poll: '100ms' },
    ...more,
  }
}

async function readAll(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
