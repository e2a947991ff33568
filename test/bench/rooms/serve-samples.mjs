import { room } from '../built-program.mjs'

const CONFIG = {
  providers: { world: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' } },
  models: [
    { id: 'world/nano', price: { input: 0.1, output: 0.4, cacheRead: 0.01 }, quality: 0.55, contextWindow: 1_000_000 },
    { id: 'world/mini', price: { input: 0.4, output: 1.6, cacheRead: 0.04 }, quality: 0.72, contextWindow: 1_000_000 },
    { id: 'world/mid', price: { input: 1, output: 5, cacheRead: 0.1 }, quality: 0.85, contextWindow: 1_000_000 },
    { id: 'world/pro', price: { input: 2.5, output: 12, cacheRead: 0.25 }, quality: 0.92, contextWindow: 1_000_000 },
    { id: 'world/max', price: { input: 5, output: 25, cacheRead: 0.5 }, quality: 0.96, contextWindow: 1_000_000 },
  ],
}
const SENTENCE = 'Then the answer goes on with one more sentence of the usual length. '

/** The router, ledger and all, with a provider that answers at once; five models to choose from. */
export async function openRouter(folder, db, bodies) {
  const { validateConfig } = await room('config')
  const { buildRuntime } = await room('server')
  const loaded = { config: validateConfig({ ...CONFIG, ledger: { bodies } }, null), path: null, folder }
  const runtime = await buildRuntime(loaded, { db, env: {}, appVersion: 'bench', dispatch: answerAtOnce })
  return {
    runtime,
    /** The answer's text. */
    async ask(session, body, format = 'openai-chat') {
      let text = ''
      const add = (chunk) => {
        if (chunk !== undefined) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
        return true
      }
      const outlet = { head() {}, write: add, end: add, onDrain() {}, onGone() {} }
      const headers = { 'content-type': 'application/json', 'x-llmroute-session': session }
      const arrived = performance.now()
      await runtime.router.handle({ format, action: 'generate', headers, body: Buffer.from(body), arrived }, outlet)
      const content = JSON.parse(text).choices?.[0]?.message.content
      if (content === undefined) throw new Error(`no answer: ${text.slice(0, 300)}`)
      return { content, bytes: Buffer.byteLength(text) }
    },
    close: () => runtime.close(),
  }
}

function answerAtOnce(request) {
  const body = typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString()
  const times = { sent: performance.now(), firstByte: performance.now() }
  const prompt = body.length >> 2
  const content = `Answer to ${body.length} bytes. ${SENTENCE.repeat(1 + (body.length % 9))}`
  const text = JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: JSON.parse(body).model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: content.length >> 2,
      total_tokens: prompt + (content.length >> 2),
      prompt_tokens_details: { cached_tokens: prompt > 1100 ? 1024 : 0 },
    },
  })
  const answer = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    consume(sink) {
      sink(Buffer.from(text))
      return Promise.resolve()
    },
    resume() {},
  }
  return { answer: Promise.resolve(answer), times, cancel() {} }
}

const QUESTIONS = [
  'hi there',
  'What is the capital of Portugal?',
  'Translate "the sea is a fine place" into German.',
  'Write a Python function that parses ISO dates and add tests for leap years.',
  'Prove that there are infinitely many primes congruent to 3 modulo 4.',
  'Find out why the service deadlocks under load and redesign the locking; consider retries, ordering and backpressure.',
  'Summarize what you said in three sentences.',
  'Compare three architectures for a payments ledger, with failure modes and a migration plan.',
]
const SESSIONS = 24

/** Some hundred calls, really served and recorded, from which longer logs are made. */
export async function serveSamples(folder, db) {
  const router = await openRouter(folder, db, 'none')
  for (let s = 0; s < SESSIONS; s++) {
    const messages = [{ role: 'system', content: 'You help with a small shop. '.repeat(10 + 10 * s) }]
    for (let turn = 0; turn < QUESTIONS.length; turn++) {
      messages.push({ role: 'user', content: QUESTIONS[(s + turn) % QUESTIONS.length] })
      const { content } = await router.ask(`sample-${s}`, JSON.stringify({ model: 'auto', messages }))
      messages.push({ role: 'assistant', content })
    }
  }
  await router.close()
}
