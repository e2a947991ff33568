import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validateConfig } from '../../src/config/index.js'
import { type Ledger, openLedger } from '../../src/ledger/index.js'
import { buildRuntime } from '../../src/server/index.js'
import type { Answer, Dispatch } from '../../src/upstream/index.js'
import { type VirtualClock, virtualClock } from '../bench/truth/world.js'
import { ask } from './served-ledger.js'

/** How a made-up model really behaves, which no router is told. */
export interface Nature {
  /** Tokens that it reports for an answer of one token, of which it shows `shown`. */
  readonly verbosity?: number
  readonly shown?: number
  /** Whether it finds what it has cached, by its calls with something to find. */
  readonly finds?: (nth: number) => boolean
  readonly firstMs?: number
  readonly msPerToken?: number
  readonly msPerPromptToken?: number
}

export interface Talk {
  readonly session: string
  /** `auto`, or the model of each turn in order, again and again. */
  readonly models: readonly string[]
  readonly turns: number
  /** Number of the question that it begins with: they ask for short, middling and long answers in turn. */
  readonly first?: number
  readonly system?: string
  /** Between an answer and the next question. */
  readonly pauseMs?: number
}

export const TTL_MS = 300_000
const START_MS = Date.UTC(2026, 9, 1, 8)
const CHARS_PER_TOKEN = 5
const MIN_CACHED = 1000

/** A question that asks for an answer of so many tokens. */
const question = (talk: number, tokens: number, turn: number): string => `${'word '.repeat(7)}${100 + talk} ${turn} [t${tokens}]`

/** Really serves talks, one after the other, by models that behave as told, all at one price; the ledger and how to leave it. */
export async function servedWorld(
  natures: Readonly<Record<string, Nature>>,
  talks: readonly Talk[],
): Promise<{ ledger: Ledger; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-made-up-'))
  const db = join(folder, 'ledger.db')
  const clock = virtualClock(START_MS)
  const config = validateConfig(
    {
      providers: { lab: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' } },
      models: Object.keys(natures).map((name) => ({
        id: `lab/${name}`,
        price: { input: 1, output: 4, cacheRead: 0.1 },
        contextWindow: 1_000_000,
        quality: 0.9,
        cache: { mode: 'automatic', minTokens: MIN_CACHED, stepTokens: 1, ttl: '5m' },
      })),
      ledger: { bodies: 'none' },
    },
    null,
  )
  const runtime = await buildRuntime(
    { config, path: null, folder },
    { db, env: {}, appVersion: 'test', clock, dispatch: provider(natures, clock) },
  )
  for (const [talk, { session, models, turns, first = 0, system = 'You help.', pauseMs = 10_000 }] of talks.entries()) {
    const messages: { role: string; content: string }[] = [{ role: 'system', content: system }]
    for (let turn = 0; turn < turns; turn++) {
      messages.push({ role: 'user', content: question(talk, 40 + 20 * ((first + turn) % 3), turn) })
      const body = JSON.stringify({ model: models[turn % models.length], messages })
      messages.push({
        role: 'assistant',
        content: await ask((inbound, outlet) => runtime.router.handle(inbound, outlet), body, session, clock.monotonic()),
      })
      clock.pass(pauseMs)
    }
  }
  await runtime.close()
  const ledger = await openLedger(db, { readonly: true })
  const end = async (): Promise<void> => {
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ledger, end }
}

interface Body {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

function provider(natures: Readonly<Record<string, Nature>>, clock: VirtualClock): Dispatch {
  const warm = new Map<string, number>()
  const met = new Map<string, number>()
  return (request) => {
    const { model, messages } = JSON.parse(typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString()) as Body
    const { verbosity = 1, shown = 1, finds = () => true, firstMs = 500, msPerToken = 10, msPerPromptToken = 0.1 } = natures[model] ?? {}
    let [chain, prompt, cached] = [model, 0, 0]
    const prefixes: string[] = []
    for (const { role, content } of messages) {
      prompt += content.length / CHARS_PER_TOKEN
      chain += ` ${role} ${content}`
      if (prompt < MIN_CACHED) continue
      if ((warm.get(chain) ?? 0) > clock.now()) cached = Math.round(prompt)
      prefixes.push(chain)
    }
    if (cached > 0) {
      const nth = met.get(model) ?? 0
      met.set(model, nth + 1)
      if (!finds(nth)) cached = 0
    }
    for (const prefix of prefixes) warm.set(prefix, clock.now() + TTL_MS)
    const asked = Number(/\[t(\d+)\]/.exec(messages.at(-1)?.content ?? '')?.[1] ?? 50)
    const output = Math.round(asked * verbosity)
    const content = 'word '.repeat(Math.round(asked * verbosity * shown))
    prompt = Math.round(prompt)
    clock.pass(firstMs + msPerToken * output + msPerPromptToken * (prompt - cached))
    const text = JSON.stringify({
      id: 'chatcmpl-m',
      object: 'chat.completion',
      created: Math.floor(clock.now() / 1000),
      model,
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: prompt,
        completion_tokens: output,
        total_tokens: prompt + output,
        prompt_tokens_details: { cached_tokens: cached },
      },
    })
    const answer: Answer = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      consume(sink) {
        sink(Buffer.from(text))
        return Promise.resolve()
      },
      resume() {},
    }
    return { answer: Promise.resolve(answer), times: { sent: clock.monotonic(), firstByte: clock.monotonic() }, cancel() {} }
  }
}
