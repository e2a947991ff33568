import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type Json = Record<string, unknown>

/** How one item of a batch turns out. */
export type Fate = 'ok' | 'error' | 'refused' | 'expired'

export interface BatchVendorOptions {
  /** From the creation of a batch to its end. */
  readonly delayMs?: number
  /** Before a batch's creation is answered, when it is already made. */
  readonly answerDelayMs?: number
  readonly fate?: (prompt: string) => Fate
}

export interface BatchVendors {
  readonly url: string
  /** Prompts answered through a batch, in order, and those answered live. */
  readonly batched: { readonly id: string; readonly prompt: string; readonly model: string }[]
  readonly live: { readonly prompt: string; readonly model: string; readonly tier: unknown }[]
  readonly batches: number
  close(): Promise<void>
}

interface Item {
  readonly id: string
  readonly body: Json
  readonly model: string
}

interface Batch {
  readonly id: string
  readonly vendor: 'openai' | 'anthropic' | 'gemini'
  readonly items: readonly Item[]
  readonly name: unknown
  readonly createdAt: number
  readonly readyAt: number
  cancelled: boolean
}

/** Tokens that every answer is said to have used. */
export const TOKENS = { input: 100, output: 20 } as const

/** One server that speaks OpenAI's files and batches, Anthropic's message batches and Gemini's batch mode, and answers live calls of each. */
export async function startBatchVendors(options: BatchVendorOptions = {}): Promise<BatchVendors> {
  const { delayMs = 50, answerDelayMs = 0, fate = () => 'ok' as const } = options
  const files = new Map<string, string>()
  const batches = new Map<string, Batch>()
  const batched: BatchVendors['batched'] = []
  const live: BatchVendors['live'] = []
  let count = 0

  const make = (vendor: Batch['vendor'], items: readonly Item[], name: unknown): Batch => {
    const id = vendor === 'gemini' ? `batches/b${++count}` : vendor === 'openai' ? `batch_${++count}` : `msgbatch_${++count}`
    const now = Date.now()
    const batch = { id, vendor, items, name, createdAt: now, readyAt: now + delayMs, cancelled: false }
    batches.set(id, batch)
    for (const item of items) batched.push({ id: item.id, prompt: promptOf(item.body), model: item.model })
    return batch
  }
  const isOver = (batch: Batch): boolean => batch.cancelled || Date.now() >= batch.readyAt
  const fateOf = (batch: Batch, item: Item): Fate => (batch.cancelled ? 'expired' : fate(promptOf(item.body)))
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
      status: over ? (batch.cancelled ? 'cancelled' : 'completed') : 'in_progress',
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
    const metadata = { displayName: batch.name, state: over ? 'BATCH_STATE_SUCCEEDED' : 'BATCH_STATE_RUNNING' }
    const inlinedResponses = shuffled(batch).map((item) => geminiResult(item, fateOf(batch, item)))
    return { name: batch.id, metadata, done: over, ...(over ? { response: { inlinedResponses: { inlinedResponses } } } : {}) }
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
    live.push({ prompt: promptOf(body), model: urlModel ?? String(body.model), tier: body.service_tier ?? null })
    const item = { id: '', body, model: urlModel ?? String(body.model) }
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
      const value = await answer(req.method ?? '', req.url ?? '', await readAll(req))
      res.writeHead(value === null ? 404 : 200, { 'content-type': 'application/json' })
      res.end(value === null ? '{"error":{"message":"not found"}}' : typeof value === 'string' ? value : JSON.stringify(value))
    })().catch((error: unknown) => res.writeHead(500).end(JSON.stringify({ error: { message: String(error) } })))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batched,
    live,
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

function openaiReply({ id, body, model }: Item): Json {
  const message = { role: 'assistant', content: `echo ${promptOf(body)}` }
  return {
    ...{ id: `chatcmpl-${id}`, object: 'chat.completion', created: 1, model, choices: [{ index: 0, message, finish_reason: 'stop' }] },
    usage: { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output, total_tokens: TOKENS.input + TOKENS.output },
  }
}

function openaiResult(item: Item, fate: Fate): Json {
  const error = (status_code: number) => ({ status_code, request_id: 'r', body: { error: { message: fate, type: 'server_error' } } })
  const expired = { code: 'batch_expired', message: 'expired' }
  if (fate === 'expired') return { id: 'r', custom_id: item.id, response: null, error: expired }
  const response = fate === 'ok' ? { status_code: 200, request_id: 'r', body: openaiReply(item) } : error(fate === 'refused' ? 400 : 500)
  return { id: 'r', custom_id: item.id, response, error: null }
}

function anthropicReply({ id, body, model }: Item): Json {
  return {
    ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [{ type: 'text', text: `echo ${promptOf(body)}` }] },
    ...{ stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: TOKENS.input, output_tokens: TOKENS.output } },
  }
}

function anthropicResult(item: Item, fate: Fate): Json {
  const error = { type: fate === 'refused' ? 'invalid_request_error' : 'api_error', message: fate }
  const result =
    fate === 'ok'
      ? { type: 'succeeded', message: anthropicReply(item) }
      : fate === 'expired'
        ? { type: 'expired' }
        : { type: 'errored', error: { type: 'error', error } }
  return { custom_id: item.id, result }
}

function geminiReply({ body }: Item): Json {
  const content = { role: 'model', parts: [{ text: `echo ${promptOf(body)}` }] }
  return {
    candidates: [{ index: 0, content, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: TOKENS.input, candidatesTokenCount: TOKENS.output, totalTokenCount: TOKENS.input + TOKENS.output },
  }
}

function geminiResult(item: Item, fate: Fate): Json {
  const metadata = { key: item.id }
  const code = fate === 'refused' ? 3 : fate === 'expired' ? 4 : 13
  return fate === 'ok' ? { metadata, response: geminiReply(item) } : { metadata, error: { code, message: fate } }
}

/** The last thing said by the person, in any of the formats. */
function promptOf(body: Json): string {
  const turns = (body.messages ?? body.contents ?? body.input) as { content?: unknown; parts?: unknown }[]
  const last = turns.at(-1)
  const content = last?.content ?? last?.parts
  if (typeof content === 'string') return content
  return (content as { text?: string }[]).map((part) => part.text ?? '').join('')
}

function hash(text: string): number {
  let h = 7
  for (const c of text) h = (h * 31 + c.charCodeAt(0)) % 1_000_003
  return h
}

async function readAll(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
